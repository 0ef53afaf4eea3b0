import { createRouter } from '../../../src-main/core/router/router.ts';
import { createLink } from '../../../src-main/links/catalogue.ts';
import { ClaspLink } from '../../../src-main/links/clasp/clasp-link.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { expect, it } from 'vitest';
import { describeBridgeLife } from '../../conformance/bridge-life.ts';
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

describeBridgeLife('a link', {
  prefix: '/far',
  make: () => new ClaspLink(linkTo('far'), needs(true)),
  makeBroken: () => new ClaspLink(linkTo('far'), needs(false)),
});

it('[BR7] the catalogue of links makes one that is not started', async () => {
  expect((await createLink(linkTo('far'), needs(false))).status().url).toBe('tcp://far');
});
