import { listNetworkCards } from '../platform/network-interfaces.ts';
import { readWholeFile } from '../platform/read-file.ts';
import { pemBlocks } from '../platform/pem.ts';
import { InputError } from '../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Secrets } from '../ports/secrets.ts';
import { createDialler, isDiallable } from '../transports/catalogue.ts';
import type { LinkSurroundings } from './open-bridge.ts';

const caBytesMax = 1024 * 1024;

interface Around {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: EngineSettingsStore;
  readonly secrets: Secrets;
  readonly radioProcess: string | URL;
}

/** What links need of this machine: its name among routers, its secrets, and every way to dial. */
export function linkSurroundings({ clock, random, log, settings, secrets, radioProcess }: Around): LinkSurroundings {
  return {
    routerId: routerIdOf(settings, random, log),
    secret: (name) => secrets.get(name),
    openDialler: async (url, { caFile, networkCard }) => {
      if (!isDiallable(url)) throw new InputError('bad-arguments', `There is no way to ${url}.`);
      const authorities = caFile === null ? [] : await readCa(caFile);
      const card = { networkCard, networkCards: listNetworkCards };
      return createDialler(url, { clock, log, radioProcess, authorities, card });
    },
  };
}

/** Made once, and kept: links find circles by it, also after a restart. */
function routerIdOf(settings: EngineSettingsStore, random: Random, log: Log): string {
  const kept = settings.current().routerId;
  if (kept !== undefined) return kept;
  const routerId = random.uuid();
  settings.update({ routerId }).catch((error: unknown) => log.warn('the name among routers is not kept', { error }));
  return routerId;
}

async function readCa(path: string): Promise<readonly string[]> {
  const found = pemBlocks((await readWholeFile(path, caBytesMax)).toString('utf8'), 'CERTIFICATE');
  if (found.length === 0) throw new InputError('bad-certificate', `${path}: expected certificates in PEM.`, { path });
  return found;
}
