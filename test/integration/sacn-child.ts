import process from 'node:process';
import { SacnBridge } from '../../src-main/bridges/sacn/sacn-bridge.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { SacnBridge as SacnBridgeSettings } from '../../src-main/contract/show.ts';
import { listNetworkCards } from '../../src-main/platform/network-interfaces.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';
import { silentLog } from '../silent-log.ts';

/** Runs in a network namespace: an sACN bridge with these settings that says what it hears, `heard /sacn/5/1 20`, and how it
 *  stands, and sends levels: `[[1, 17, 255]]` is slot 17 of universe 1. */
const [settings = '{}', levels = '[]'] = process.argv.slice(2);
const given = { universes: [], networkCard: '', settleMs: 0, ...(JSON.parse(settings) as object) };
const bridge = new SacnBridge(sacnSettings(given satisfies Partial<SacnBridgeSettings['settings']>), {
  clock: createSystemClock(),
  log: silentLog,
  networkCards: () => listNetworkCards(),
});
await bridge.start({
  publish: (batch) => {
    for (const { address, value } of batch)
      if (value.type === 'i32' && value.value > 0) console.log(`heard ${address} ${value.value} at ${Date.now()}`);
  },
  counts: new Map(),
  returned: () => undefined,
  fault: ({ code }) => console.log(`fault ${code}`),
});
for (const [universe, slot, level = 0] of JSON.parse(levels) as number[][])
  bridge.apply([
    { kind: 'param', address: parseAddress(`/sacn/${universe}/${slot}`), value: { type: 'i32', value: level } },
  ]);
console.log('ready');
let last = '';
setInterval(() => {
  const { state, reason } = bridge.status();
  const now = `status ${state}: ${reason}`;
  if (now !== last) console.log(now);
  last = now;
}, 100);
