import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  discoveryAnswer,
  discoveryRequest,
  isDiscoveryRequest,
  readDiscoveryAnswer,
} from '../../../src-main/core/discovery/broadcast-frames.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { seededChance } from '../../seeded-chance.ts';

const golden = /"id":"V-UDP".*?"hex":"([0-9a-f]+)"/.exec(
  readFileSync(new URL('../../fixtures/clasp-vectors.json', import.meta.url), 'utf8'),
)?.[1];

describe('broadcast frames', () => {
  it('[DC24] ask with the bytes of V-UDP', () => {
    expect(Buffer.from(discoveryRequest()).toString('hex')).toBe(golden);
    expect(isDiscoveryRequest(Buffer.from(golden ?? '', 'hex'))).toBe(true);
  });

  it('[DC25] answer with a WELCOME, and take WELCOME and ANNOUNCE for answers', () => {
    const answer = discoveryAnswer({ name: 'Desk', session: 'a-b', time: 1_700_000_000_000_000 });
    expect(decodeFrame(answer).message).toEqual({
      type: messageType.welcome,
      version: 1,
      features: ['param', 'event', 'stream', 'gesture', 'timeline'],
      time: 1_700_000_000_000_000n,
      session: 'a-b',
      name: 'Desk',
    });
    expect(readDiscoveryAnswer(answer)).toEqual({ name: 'Desk', features: ['p', 'e', 's', 'g', 't'] });
    const signals = [
      { address: '/a', kind: 'param' },
      { address: '/b', kind: 'param' },
    ] as const;
    const announce = encodeFrame({ type: messageType.announce, namespace: '/desk', signals });
    expect(readDiscoveryAnswer(announce)).toEqual({ name: '/desk', features: ['p'] });
  });

  it('[DC25] take nothing else for a question or an answer', () => {
    expect(readDiscoveryAnswer(discoveryRequest())).toBeUndefined();
    expect(isDiscoveryRequest(discoveryAnswer({ name: '', session: '', time: 0 }))).toBe(false);
    const frames = [discoveryRequest(), discoveryAnswer({ name: 'Desk', session: 'a', time: 1 })];
    for (const frame of frames)
      for (let cut = 0; cut < frame.length; cut++) {
        expect(isDiscoveryRequest(frame.subarray(0, cut))).toBe(false);
        expect(readDiscoveryAnswer(frame.subarray(0, cut))).toBeUndefined();
      }
    const chance = seededChance(7331);
    for (let run = 0; run < 5000; run++) {
      const bytes = Uint8Array.from({ length: Math.floor(chance() * 60) }, () => Math.floor(chance() * 256));
      if (chance() < 0.5) bytes.set([0x53, 1, 0, Math.max(0, bytes.length - 4)].slice(0, bytes.length));
      const name = readDiscoveryAnswer(bytes)?.name;
      expect(name === undefined || name.length <= 60, `seed 7331, run ${run}`).toBe(true);
      isDiscoveryRequest(bytes);
    }
  });
});
