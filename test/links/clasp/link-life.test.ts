import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { createLink } from '../../../src-main/links/catalogue.ts';
import { ClaspLink } from '../../../src-main/links/clasp/clasp-link.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { expect, it } from 'vitest';
import { RecordingHost } from '../../conformance/bridge.ts';
import { describeBridgeLife } from '../../conformance/bridge-life.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { silentLog } from '../../silent-log.ts';
import { linkTo } from './link-hall.ts';

const [clock, random, log] = [createSystemClock(), createSystemRandom(), silentLog];
const router = createRouter({ clock, random, log, name: 'far', defer: setImmediate });

function needs(isThere: boolean) {
  const dial = (): Promise<MemoryConnection> => {
    if (!isThere) return Promise.reject(new Error('nobody is there'));
    const [near, far] = MemoryConnection.pair('far');
    router.accept(far);
    return Promise.resolve(near);
  };
  return {
    ...{ clock, random, log, routerId: 'near', memory: new Map() },
    secret: () => Promise.resolve(undefined),
    openDialler: () => Promise.resolve({ dial, abandon: () => undefined }),
  };
}

const unreadable = () => Promise.reject(new UnavailableError('cannot-read-file', 'The secrets cannot be read.'));

describeBridgeLife('a link', {
  prefix: '/far',
  make: () => new ClaspLink(linkTo('far'), needs(true)),
  makeBroken: () => new ClaspLink(linkTo('far', { secretName: 'key' }), { ...needs(true), secret: unreadable }),
});

it('[LK18] dials a router that is away at least every 2 s', async () => {
  const clock = new SimulatedClock();
  let isAway = false;
  let dialled: number[] = [];
  const open: Connection[] = [];
  const dial = (): Promise<Connection> => {
    dialled.push(clock.nowMicros());
    if (isAway) return Promise.reject(new Error('nobody is there'));
    const [near, far] = MemoryConnection.pair('far');
    open.push(near);
    router.accept(far);
    return Promise.resolve(near);
  };
  const link = new ClaspLink(linkTo('far'), {
    ...needs(true),
    clock,
    openDialler: () => Promise.resolve({ dial, abandon: () => undefined }),
  });
  await link.start(new RecordingHost());
  isAway = true;
  open[0]?.close('gone');
  await until('it to be noticed', () => link.status().state === 'trouble');
  dialled = [];
  for (let tenths = 0; tenths < 250; tenths++) {
    clock.advance(100);
    await Promise.resolve();
    await Promise.resolve();
  }
  const waits = dialled.slice(1).map((at, i) => (at - (dialled[i] ?? 0)) / 1000);
  expect(waits.length).toBeGreaterThan(10);
  expect(Math.max(...waits)).toBeLessThanOrEqual(2100);
  await link.stop();
});

it('[BR7] the catalogue of links makes one that is not started', async () => {
  expect((await createLink(linkTo('far'), needs(false))).status().url).toBe('tcp://far');
});
