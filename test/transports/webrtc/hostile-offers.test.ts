import { afterEach, describe, expect, it } from 'vitest';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { oneOf, seededChance, wholeNumber, type Chance } from '../../seeded-chance.ts';
import { until } from '../../until.ts';
import { joinSignalling, offerFrom } from './raw-peer.ts';
import { openSignallingRouter, webRtcOf } from './webrtc-fixture.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const rounds = 150;

const ice = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const word = (chance: Chance, letters: string, least: number, most: number): string =>
  Array.from({ length: wholeNumber(chance, least, most) }, () =>
    letters.charAt(wholeNumber(chance, 0, letters.length - 1)),
  ).join('');

/** Of the right shape, with whatever can stand there. */
function shapedOffer(chance: Chance): string {
  const bytes = oneOf(chance, [32, 48, 64, 33]);
  const algorithm = oneOf(chance, ['sha-256', 'sha-384', 'sha-512']);
  const hex = (): string => word(chance, '0123456789abcdefABCDEF', 2, 2);
  return [
    'v=0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    `a=mid:${word(chance, 'ab-._0', 1, 32)}`,
    `a=setup:${oneOf(chance, ['actpass', 'active', 'passive'])}`,
    `a=ice-ufrag:${word(chance, ice, 4, oneOf(chance, [4, 256]))}`,
    `a=ice-pwd:${word(chance, ice, 22, oneOf(chance, [22, 256]))}`,
    `a=fingerprint:${algorithm} ${Array.from({ length: bytes }, hex).join(':')}`,
    `a=sctp-port:${wholeNumber(chance, 1, 99_999)}`,
    `a=max-message-size:${wholeNumber(chance, 0, 9_999_999_999)}`,
    'a=candidate:1 1 UDP 99999999999 999.0.0.1 99999 typ host',
    `a=candidate:1 1 UDP ${wholeNumber(chance, 0, 2 ** 32)} 127.0.0.1 ${wholeNumber(chance, 1, 65_535)} typ host`,
  ].join('\r\n');
}

/** With some of it cut, doubled, or turned into something else. */
function broken(chance: Chance, text: string): string {
  let result = text;
  for (let i = wholeNumber(chance, 1, 4); i > 0; i--) {
    const at = wholeNumber(chance, 0, result.length);
    const to = Math.min(result.length, at + wholeNumber(chance, 0, 40));
    const put = oneOf(chance, [
      '',
      '\0',
      '\r\n',
      '%s%n',
      'a=',
      'm=audio 9 RTP/AVP 0',
      '\u{1F3AD}',
      result.slice(at, to).repeat(3),
    ]);
    result = result.slice(0, at) + put + result.slice(to);
  }
  return result;
}

describe('hostile offers', () => {
  it(`[TP80] neither end the process nor keep others out (SEED=${seed})`, { timeout: 60_000 }, async () => {
    console.info(`hostile offers: SEED=${seed}`);
    const chance = seededChance(seed);
    const signalling = await openSignallingRouter();
    ends.push(signalling.stop);
    const transport = webRtcOf(signalling, { limits: { connectTimeoutMs: 100 as never, halfOpenPerSessionMax: 32 } });
    let accepted = 0;
    const listening = await transport.listen(() => accepted++);
    ends.push(listening.stop);
    let told = 0;
    for (let i = 0; i < rounds; i++) {
      const session = await joinSignalling(signalling.url);
      const offer = shapedOffer(chance);
      session.tell({ type: 'offer', correlationId: 'a', sdp: chance() < 0.5 ? offer : broken(chance, offer) });
      session.tell({
        type: 'ice_candidate',
        correlationId: 'a',
        candidate: broken(chance, offer.split('\r\n').at(-1) ?? ''),
      });
      session.tellRaw(
        fromJson({ type: oneOf(chance, ['offer', 'answer', 'constructor']), correlation_id: broken(chance, 'a') }),
      );
      await until('an answer', () => session.heard.some(({ type }) => type === 'answer' || type === 'disconnected'));
      told += session.heard.length;
      session.close();
    }
    expect(told).toBeGreaterThanOrEqual(rounds);
    expect(transport.refused().signal).toBeGreaterThan(rounds / 2);
    const session = await joinSignalling(signalling.url);
    // What is given up after 0.1 s may be honest too, on a busy machine.
    for (let tries = 0; accepted === 0 && tries < 50; tries++) {
      const correlationId = `honest ${tries}`;
      ends.push(offerFrom(session, { labels: ['clasp-reliable'], correlationId }).close);
      const isRefused = (): boolean =>
        session.heard.some((each) => each.type === 'disconnected' && each.correlationId === correlationId);
      await until('an honest peer', () => accepted === 1 || isRefused());
    }
    expect(accepted).toBe(1);
  });
});
