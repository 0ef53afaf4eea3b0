import { describe, expect, it } from 'vitest';
import { formatDescription, parseDescription } from '../../../src-main/transports/webrtc/session-description.ts';

const fingerprint = `sha-256 ${Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':')}`;
const chromium = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 10.0.0.7 44301 typ host generation 0',
  'a=ice-ufrag:Wb1+',
  'a=ice-pwd:zqk8vq8o3J3hT2y0Zk1lXv/+',
  'a=ice-options:trickle',
  `a=fingerprint:${fingerprint}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n');

describe('a session description', () => {
  it('[TP80] is read as a browser writes it, in JSON too, and its candidates apart from the rest', () => {
    const description = parseDescription(chromium);
    expect(description).toMatchObject({ mid: '0', setup: 'actpass', ufrag: 'Wb1+', fingerprint, sctpPort: '5000' });
    expect(description.candidates).toEqual(['candidate:1 1 udp 2113937151 10.0.0.7 44301 typ host generation 0']);
    expect(parseDescription(JSON.stringify({ type: 'offer', sdp: chromium }))).toEqual(description);
    const own = parseDescription(formatDescription(description));
    expect(own).toEqual({ ...description, candidates: [] });
  });

  it('[TP80] goes on with nothing but what was checked', () => {
    const text = chromium
      .replace('t=0 0', 't=0 0\r\na=ice-lite\r\na=evil:%s%n')
      .replace('a=sctp-port', 'b=x\r\na=sctp-port');
    const own = formatDescription(parseDescription(text));
    expect(own).not.toMatch(/evil|ice-lite|b=x|candidate|extmap/);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no SDP', 'hello'],
    ['broken JSON', '{"sdp":'],
    ['JSON without sdp', '{"type":"offer"}'],
    ['no section', chromium.replace(/m=application.*\r\n/, '')],
    [
      'a section for sound',
      chromium.replace('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=audio 9 RTP/AVP 0'),
    ],
    ['two sections', `${chromium}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`],
    ['no fingerprint', chromium.replace(/a=fingerprint.*\r\n/, '')],
    ['a short fingerprint', chromium.replace(fingerprint, 'sha-256 AB:CD')],
    ['a weak fingerprint', chromium.replace('sha-256', 'md5')],
    ['a password with a line break', chromium.replace('zqk8', 'zq\nk8')],
    ['a bad setup', chromium.replace('actpass', 'holdconn')],
    ['a port of 0', chromium.replace('sctp-port:5000', 'sctp-port:0')],
    ['a size of minus one', chromium.replace('262144', '-1')],
    ['a mid with a space', chromium.replace('a=mid:0', 'a=mid:0 0')],
    ['too much', chromium + 'a=x\r\n'.repeat(4000)],
  ])('[TP80] is refused with what was expected: %s', (_, text) => {
    expect(() => parseDescription(text)).toThrow(/^Expected /);
  });
});
