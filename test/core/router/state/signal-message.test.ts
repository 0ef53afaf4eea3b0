import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { signalKinds, type Signal } from '../../../../src-main/contract/signal.ts';
import { AnnouncedSignals } from '../../../../src-main/core/router/state/announced-signals.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { SignalRules } from '../../../../src-main/core/router/state/signal-rules.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { decodeFrame, encodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { badAddress, badPattern } from '../../../../src-main/core/router/requests/refusal.ts';
import { publishOf, signalOf } from '../../../../src-main/core/router/state/signal-message.ts';
import { checkPublish, writeOf } from '../../../../src-main/core/router/requests/signal-request.ts';
import { arbitraryValue } from '../../../arbitrary-signal.ts';
import { publish } from '../router-fixture.ts';

const address = parseAddress('/a/b');
const timed = fc.record({ timestamp: fc.maxSafeNat().map((at) => micros(at)) }, { requiredKeys: [] });

describe('signals as messages', () => {
  it('[RT67] come back from the wire as they were', () => {
    const signals = fc.oneof(
      fc
        .tuple(fc.constantFrom('event', 'timeline', 'stream'), arbitraryValue, timed)
        .map(([kind, v, t]) => ({ kind, address, value: v, ...t }) as const),
      fc
        .tuple(arbitraryValue, timed, fc.nat(), fc.constantFrom('start', 'move', 'end', 'cancel'))
        .map(([v, t, gestureId, phase]) => ({ kind: 'gesture', address, value: v, gestureId, phase, ...t }) as const),
    );
    fc.assert(
      fc.property(signals, (signal) => {
        const { message } = decodeFrame(encodeFrame(publishOf(signal)));
        if (message.type !== messageType.publish) throw new Error('not a PUBLISH');
        expect(signalOf(message, address)).toEqual(signal);
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  it('[RT67] have the last sample as value where samples came alone', () => {
    const batch: Signal = { kind: 'stream', address, value: { type: 'f64', value: 3 }, samples: [1, 2, 3], rate: 50 };
    expect(signalOf(publishOf(batch), address)).toEqual(batch);
    expect(signalOf({ type: messageType.publish, kind: 'stream', address, samples: [] }, address)).toMatchObject({
      value: { type: 'null' },
    });
  });
});

const noRules = new SignalRules({ announced: new AnnouncedSignals(routerLimits), cachedMax: 10 });

describe('what a session asks to pass on', () => {
  it('[RT13] is checked for its address', () => {
    expect(checkPublish(publish('event', '/ok'), noRules)).toBe('/ok');
    expect(checkPublish(publish('event', 'bad'), noRules)).toEqual(badAddress('bad'));
    const set = { type: messageType.set, address: '/a/*', value: WireValue.of({ type: 'null' }) } as const;
    expect(writeOf(set, 'w', micros(1))).toEqual(badAddress('/a/*'));
    expect(badPattern('x')).toMatchObject({ code: 202, address: 'x' });
  });

  it('[RT14] is refused when a frame cannot hold it again, to the byte', () => {
    const sized = (size: number) => publish('event', '/ä', { type: 'string', value: 'x'.repeat(size) });
    // Payload: type, flags, address of 2 + 3, content, value type, length of 2, text.
    const largest = 65_535 - 11;
    expect(checkPublish(sized(largest), noRules)).toBe('/ä');
    expect(() => encodeFrame(sized(largest))).not.toThrow();
    const kinds = signalKinds.map((kind) => checkPublish({ ...sized(largest), kind, timestamp: 1n }, noRules));
    expect(kinds).toMatchObject(signalKinds.map(() => ({ code: 402, address: '/ä' })));
  });
});
