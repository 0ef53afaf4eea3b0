import { expect, it } from 'vitest';
import type { EngineSettings, EngineSettingsStore } from '../../../src-main/ports/engine-settings.ts';
import { openInterface, partsAfter } from '../../../src-main/engine/remote/interface-host.ts';
import type { RemoteServer } from '../../../src-main/engine/remote-server.ts';
import { openAccessFile } from '../../../src-main/platform/access-file.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('[RS30] an interface that is taken elsewhere keeps its pages until it is known what the page that asked is answered', async () => {
  const clock = new SimulatedClock();
  const told: string[] = [];
  let keep = (): void => undefined;
  const settings: EngineSettingsStore = {
    current: () => ({ interface: { network: false, encrypted: false } }) as EngineSettings,
    update: () => new Promise((resolve) => (keep = resolve)),
  };
  const start = (host: string): Promise<RemoteServer> => {
    told.push(`begins at ${host}`);
    return Promise.resolve({
      port: 7330,
      url: () => '',
      where: () => ({ reach: 'loopback', urls: [], encrypted: false }),
      leave: () => void told.push(`leaves ${host}`),
      stop: () => Promise.resolve(void told.push(`ends at ${host}`)),
    });
  };
  const file = openAccessFile(`${temporaryFolder()}/access.json`);
  const host = await openInterface({
    ...{ clock, log: silentLog, asked: undefined, least: '127.0.0.1', file, settings, start },
    onChange: () => undefined,
  });
  const moved = host.setReach({ network: false, encrypted: false }).then(() => void told.push('the answer'));
  await settled();
  // A disk that takes its time.
  clock.advance(10 * partsAfter);
  await settled();
  expect(told).toEqual(['begins at 127.0.0.1', 'leaves 127.0.0.1', 'begins at 127.0.0.1']);
  keep();
  await moved;
  clock.advance(partsAfter);
  await settled();
  expect(told.slice(3)).toEqual(['the answer', 'ends at 127.0.0.1']);
});
