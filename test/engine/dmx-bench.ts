import { parseAddress } from '../../src-main/contract/address.ts';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import type { Value } from '../../src-main/contract/signal.ts';
import { DmxOutput } from '../../src-main/core/dmx/dmx-output.ts';
import { createRouter } from '../../src-main/core/router/router.ts';
import { createRunningDmx } from '../../src-main/engine/running-dmx.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';
import { sampleProfile } from '../arbitrary-patch.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

/** A router, a desk and an output at it, as the engine puts them together. */
export function dmxBench(before: readonly (readonly [address: string, value: Value])[] = []) {
  const clock = new SimulatedClock();
  const router = createRouter({
    clock,
    random: createSystemRandom(),
    log: silentLog,
    name: 'test',
    defer: setImmediate,
  });
  const hand = router.openLocal('hand', { echo: true });
  const put = (address: string, value: Value, kind: 'param' | 'event' | 'stream' = 'param') =>
    hand.publish([{ kind, address: parseAddress(address), value }]);
  for (const [address, value] of before) put(address, value);
  const dmx = createRunningDmx({ router, clock });
  const sent = new Map<number, Uint8Array>();
  const frames: number[][] = [];
  const output = new DmxOutput({
    ...{ prefix: '/sacn', floats: 'unit', covers: (universe: number) => universe <= 4, clock },
    send: ({ universe, levels }) => {
      sent.set(universe, Uint8Array.from(levels));
      frames.push([...levels.subarray(0, 64)]);
    },
    desk: { desk: dmx.control.desk, bridgeId: 'sacn1' },
    source: () => ({ name: 'Flyrail', priority: 100 }),
  });
  const session = router.openLocal('bridge:sacn1');
  session.subscribe('/sacn/**' as never, (deliveries) => output.apply(deliveries.map(({ signal }) => signal)));
  output.start();
  let document: ShowDocument | undefined;
  return {
    ...{ clock, router, hand, put, dmx, output, sent, frames },
    load: (some: Partial<ShowDocument> = {}) => {
      const next = { ...emptyShow('gala', 'Gala'), bridges: [sacnSettings()], profiles: [sampleProfile], ...some };
      dmx.load(document, next);
      document = next;
      return next;
    },
    now: (universe: number, slot: number) => {
      clock.advance(50);
      return sent.get(universe)?.[slot - 1];
    },
    get: (address: string) => router.get(parseAddress(address)),
  };
}
