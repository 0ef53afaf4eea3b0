import { ProtocolError } from '../../contract/errors.ts';

/** What of an offer or an answer matters for data channels. */
export interface SessionDescription {
  readonly mid: string;
  readonly setup: string;
  readonly ufrag: string;
  readonly password: string;
  /** algorithm and bytes: `sha-256 AB:CD:…` */
  readonly fingerprint: string;
  readonly sctpPort: string;
  /** absent where the peer says nothing about it */
  readonly maxMessageSize: string | undefined;
  /** as they stand there, behind `a=` */
  readonly candidates: readonly string[];
}

const textMax = 16 * 1024;
const mediaLine = /^m=application \d{1,5} (UDP|TCP)\/DTLS\/SCTP webrtc-datachannel$/;
/** By the names of attributes [RFC 8839, 8841, 8842, 8866]. */
const shapes = {
  mid: /^[\w.-]{1,32}$/,
  setup: /^(actpass|active|passive)$/,
  'ice-ufrag': /^[A-Za-z0-9+/]{4,256}$/,
  'ice-pwd': /^[A-Za-z0-9+/]{22,256}$/,
  fingerprint: /^sha-(256|384|512) [0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31,63}$/,
  'sctp-port': /^[1-9]\d{0,4}$/,
  'max-message-size': /^\d{1,10}$/,
} as const;

/** Reads the one section for data channels, also of what a peer wraps in JSON as `{type, sdp}`. Nothing that it says beside
 *  that goes on: the native library is only ever given what was checked here.
 *  @param text up to 16 KiB
 *  @throws ProtocolError 'bad-message', which says what was expected */
export function parseDescription(text: string): SessionDescription {
  if (text.length > textMax) throw fault(`at most ${textMax} characters`);
  const lines = unwrap(text).split(/\r?\n/);
  const media = lines.filter((line) => line.startsWith('m='));
  if (lines[0] !== 'v=0' || media.length !== 1 || !mediaLine.test(media[0] ?? ''))
    throw fault('SDP with one section, for data channels (UDP/DTLS/SCTP webrtc-datachannel)');
  const find = (name: keyof typeof shapes): string | undefined => {
    const begin = `a=${name}:`;
    const values = lines.flatMap((line) => (line.startsWith(begin) ? [line.slice(begin.length)] : []));
    return values.find((value) => shapes[name].test(value)) ?? (values.length > 0 ? needs(name, undefined) : undefined);
  };
  return {
    mid: needs('mid', find('mid')),
    setup: needs('setup', find('setup')),
    ufrag: needs('ice-ufrag', find('ice-ufrag')),
    password: needs('ice-pwd', find('ice-pwd')),
    fingerprint: needs('fingerprint', find('fingerprint')),
    sctpPort: needs('sctp-port', find('sctp-port')),
    maxMessageSize: find('max-message-size'),
    candidates: lines.filter((line) => line.startsWith('a=candidate:')).map((line) => line.slice(2)),
  };
}

/** As the library reads it, without candidates. */
export function formatDescription(description: SessionDescription): string {
  const { mid, setup, ufrag, password, fingerprint, sctpPort, maxMessageSize } = description;
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendrecv',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    'a=ice-options:trickle',
    `a=fingerprint:${fingerprint}`,
    `a=setup:${setup}`,
    `a=sctp-port:${sctpPort}`,
    ...(maxMessageSize === undefined ? [] : [`a=max-message-size:${maxMessageSize}`]),
    '',
  ].join('\r\n');
}

function unwrap(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'sdp' in parsed && typeof parsed.sdp === 'string')
      return parsed.sdp;
  } catch {
    // Told below.
  }
  throw fault('SDP, or JSON with sdp in it');
}

function needs(name: string, value: string | undefined): string {
  if (value === undefined) throw fault(`a=${name} as WebRTC has it`);
  return value;
}

function fault(expected: string): ProtocolError {
  return new ProtocolError('bad-message', `Expected ${expected}.`);
}
