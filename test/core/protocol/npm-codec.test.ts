import * as npm from '@clasp-to/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { npmMessages } from './arbitraries.ts';
import { fromNpm } from './npm-message.ts';
import { plain, toHex } from './plain-message.ts';

describe('beside the official codec @clasp-to/core', () => {
  it('[PR4] writes the same bytes and reads back what it wrote', () => {
    fc.assert(
      fc.property(npmMessages, fc.constantFrom(npm.QoS.Fire, npm.QoS.Confirm, npm.QoS.Commit), (message, qos) => {
        const theirs = npm.encodeMessage(message, { qos });
        const ours = fromNpm(message);
        expect(plain(decodeFrame(theirs).message)).toEqual(plain(ours));
        expect(toHex(encodeFrame(ours, { qos: (['fire', 'confirm', 'commit'] as const)[qos] }))).toBe(toHex(theirs));
      }),
      { numRuns: 5000 },
    );
  });

  it('[PR14] writes the same QoS unless asked, but for timelines, which it makes commit', () => {
    fc.assert(
      fc.property(npmMessages, (message) => {
        const timeline = message.type === 'PUBLISH' && message.signal === 'timeline';
        const flags = encodeFrame(fromNpm(message))[1];
        expect(flags).toBe(timeline ? 0x81 : npm.encodeMessage(message)[1]);
      }),
      { numRuns: 1000 },
    );
  });
});
