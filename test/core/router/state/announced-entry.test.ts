import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { messageType, type AnnouncedSignal, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import {
  holding,
  ownersMax,
  saysTheSame,
  type AnnouncedEntry,
} from '../../../../src-main/core/router/state/announced-entry.ts';
import { AnnouncedSignals } from '../../../../src-main/core/router/state/announced-signals.ts';
import { RouterFixture, set, type Peer } from '../router-fixture.ts';

type Meta = NonNullable<AnnouncedSignal['meta']>;

const signal = (address: string, meta?: Meta): AnnouncedSignal => ({ address, kind: 'param', ...(meta && { meta }) });
const announce = (address: string, meta: Meta): Message => ({
  ...{ type: messageType.announce, namespace: '/n', signals: [signal(address, meta)] },
});
const roomy = { announcedMax: 100, announcedBytesMax: 100_000, announcedPatternsMax: 100 };

async function codes(fixture: RouterFixture, peer: Peer, ...messages: Message[]): Promise<(number | 'ack')[]> {
  peer.take();
  peer.send(...messages);
  await fixture.settle();
  return peer.take().flatMap((message): (number | 'ack')[] => {
    if (message.type === messageType.ack) return ['ack'];
    return message.type === messageType.error ? [message.code] : [];
  });
}

describe('one announcement and another', () => {
  const full = (): AnnouncedSignal => ({
    ...signal('/a', { unit: 'V', range: [0, 1], default: WireValue.of(f64(1)), description: 'x', strategy: 'max' }),
    ...{ datatype: 'f32', access: 'rw' },
  });

  it('[RT324] say the same only when all of it is the same', () => {
    expect([saysTheSame(full(), full()), saysTheSame(signal('/a'), signal('/a'))]).toEqual([true, true]);
    const others: AnnouncedSignal[] = [
      ...[signal('/a'), { ...full(), address: '/b' }, { ...full(), kind: 'event' as const }],
      ...[
        { ...full(), datatype: 'f64' },
        { ...full(), access: 'r' },
      ],
      ...(['unit', 'range', 'default', 'description', 'strategy'] as const).map((key) => {
        const { [key]: _left, ...meta } = full().meta ?? {};
        return { ...full(), meta };
      }),
      { ...full(), meta: { ...full().meta, range: [0, 2] } },
      { ...full(), meta: { ...full().meta, default: WireValue.of(f64(2)) } },
    ];
    for (const other of others)
      expect([saysTheSame(full(), other), saysTheSame(other, full())]).toEqual([false, false]);
  });

  it('[RT325] hold for an address by who was the first of those that are here', () => {
    const entry = fc.record({ owners: fc.uniqueArray(fc.constantFrom('p', 'q', 'r')), since: fc.nat(50) });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ({ since }) => since, maxLength: 8 }), (made) => {
        const entries = made.map(({ owners, since }): AnnouncedEntry => {
          return { signal: signal('/a'), owners: new Set(owners), since, sizeBytes: 0 };
        });
        const here = entries.filter(({ owners }) => owners.size > 0).sort((one, other) => one.since - other.since);
        const [holder] = here[0]?.owners ?? [];
        const expected = holder === undefined ? entries : entries.filter(({ owners }) => owners.has(holder));
        expect(holding(entries)).toEqual(expected);
      }),
    );
  });

  it('[RT324] remembers a few that say the same, and lets the next of them hold it', () => {
    const announced = new AnnouncedSignals(roomy);
    const names = Array.from({ length: ownersMax + 2 }, (_, i) => `s${i}`);
    for (const name of names) expect(announced.announce(name, [signal('/a')])).toBeUndefined();
    const other = signal('/a', { unit: 'V' });
    for (const name of names.slice(0, ownersMax)) {
      expect(announced.announce('new', [other])).toMatchObject({
        code: 403,
        message: expect.stringContaining(name) as string,
      });
      announced.orphan(name);
    }
    expect(announced.announce('new', [other])).toBeUndefined();
    // Who holds it may say something else, and holds it alone then.
    expect(announced.announce('more', [other])).toBeUndefined();
    expect(announced.announce('new', [signal('/a')])).toBeUndefined();
    announced.orphan('new');
    expect(announced.announce('last', [other])).toBeUndefined();
  });
});

describe('a signal that another session has announced', () => {
  it('[RT324] cannot be announced otherwise while that is here, and nothing of the ANNOUNCE is kept', async () => {
    const fixture = new RouterFixture();
    fixture.router.applyRules({ rules: [], enforceRanges: true, enforceTypes: true });
    const [owner, other] = [await fixture.join(), await fixture.join()];
    expect(await codes(fixture, owner, announce('/dim', { range: [0, 1] }))).toEqual(['ack']);
    const both: Message = {
      ...{ type: messageType.announce, namespace: '/n' },
      signals: [signal('/new', { range: [0, 0] }), signal('/dim', { range: [0, 100] })],
    };
    expect(await codes(fixture, other, both, announce('/dim', { range: [0, 1] }))).toEqual([403, 'ack']);
    expect(await codes(fixture, other, set('/dim', 50), set('/new', 50))).toEqual([402, 'ack']);
    expect(fixture.router.stats().refusedTotal).toEqual({ 402: 1, 403: 1 });
    owner.connection.close('gone');
    await fixture.settle();
    expect(await codes(fixture, other, announce('/dim', { range: [0, 100] }), set('/dim', 50))).toEqual(['ack', 'ack']);
  });

  it('[RT325] is held by its first owner against patterns and addresses of others, which are shown and hold later', async () => {
    const fixture = new RouterFixture();
    const [owner, other] = [await fixture.join(), await fixture.join()];
    fixture.router.applyRules({ rules: [], enforceRanges: true, enforceTypes: false });
    await codes(fixture, owner, announce('/desk/*', { range: [0, 1] }));
    expect(await codes(fixture, other, announce('/desk/1', { range: [0, 9] }), announce('/**', { strategy: 'lock' })))
      .toEqual(['ack', 'ack']); // prettier-ignore
    expect(await codes(fixture, other, set('/desk/1', 5), set('/desk/1', 1))).toEqual([402, 'ack']);
    expect(await codes(fixture, owner, set('/desk/1', 0.5))).toEqual(['ack']);
    other.send({ type: messageType.query, pattern: '/**' });
    await fixture.settle();
    const results = other.takeOnly(messageType.result).flatMap(({ signals }) => signals.map(({ address }) => address));
    expect(results).toEqual(expect.arrayContaining(['/desk/*', '/desk/1', '/**']));
    owner.connection.close('gone');
    await fixture.settle();
    expect(await codes(fixture, other, set('/desk/1', 5), set('/desk/1', 10))).toEqual(['ack', 402]);
    const third = await fixture.join();
    expect(await codes(fixture, third, set('/desk/1', 5))).toEqual([401]);
  });

  it('[RT325] gives its locks back when whoever holds it by that rule has gone, and never goes before the show', async () => {
    const fixture = new RouterFixture();
    const [owner, other, third] = [await fixture.join(), await fixture.join(), await fixture.join()];
    await codes(fixture, owner, announce('/key/*', { strategy: 'lock' }));
    await codes(fixture, other, announce('/key/1', { strategy: 'lww' }));
    await codes(fixture, other, set('/key/1', 1));
    expect(await codes(fixture, third, set('/key/1', 2))).toEqual([401]);
    owner.connection.close('gone');
    await fixture.settle();
    expect(await codes(fixture, third, set('/key/1', 2))).toEqual(['ack']);
    fixture.router.applyRules({
      rules: [{ pattern: '/key/1', strategy: 'max' }],
      ...{ enforceRanges: false, enforceTypes: false },
    });
    expect(await codes(fixture, third, set('/key/1', 1))).toEqual([400]);
  });
});
