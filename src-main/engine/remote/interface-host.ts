import { InputError } from '../../contract/errors.ts';
import type { InterfaceReach, RemoteState } from '../../contract/remote-access.ts';
import { millis } from '../../contract/units.ts';
import type { AccessFile } from '../../platform/access-file.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineSettingsStore } from '../../ports/engine-settings.ts';
import type { Log } from '../../ports/log.ts';
import type { RemoteServer } from '../remote-server.ts';
import { hasLogin } from './remote-access.ts';

/** Where the interface is to be served. */
export interface InterfacePlace {
  /** undefined: nowhere */
  readonly host: string | undefined;
  readonly encrypted: boolean;
}

interface InterfaceHostOptions {
  readonly clock: Clock;
  /** what the command line says; undefined: as the window left it */
  readonly asked: InterfacePlace | undefined;
  /** where it is when nobody asks for more: on this machine, or nowhere in the desktop application */
  readonly least: string | undefined;
  readonly file: AccessFile;
  readonly settings: EngineSettingsStore;
  readonly log: Log;
  /** @param port where it was before; undefined: as it was asked for */
  readonly start: (host: string, encrypted: boolean, port?: number) => Promise<RemoteServer>;
  readonly onChange: () => void;
}

/** The interface's port, which may be taken to other cards and back while Flyrail runs. */
export interface InterfaceHost {
  /** undefined: it is not served */
  current(): RemoteServer | undefined;
  where(): Pick<RemoteState, 'reach' | 'urls' | 'encrypted'>;
  /** Kept for the next start. @throws InputError 'no-login' @throws UnavailableError as it was then, it is again */
  setReach(reach: InterfaceReach): Promise<void>;
  stop(): Promise<void>;
}

const everyCard = '0.0.0.0';
/** The page that had it taken elsewhere hears the answer before it is let go. */
export const partsAfter = millis(200);

/** @throws InputError 'no-login' for what other machines would reach and nobody could log in to
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openInterface(options: InterfaceHostOptions): Promise<InterfaceHost> {
  const { asked, least, settings, file, onChange } = options;
  const isForbidden = asked !== undefined && asked.host === undefined;
  let { place, remote } = await begin(options);
  let turn: Promise<unknown> = Promise.resolve();
  let parting: Promise<unknown> = Promise.resolve();
  return {
    current: () => remote,
    where: () => remote?.where() ?? { reach: 'off', urls: [], encrypted: false },
    setReach: (reach) => {
      const done = turn.then(() => move(reach));
      turn = done.catch(() => undefined);
      return done;
    },
    stop: async () => {
      await turn;
      await Promise.all([parting, remote?.stop()]);
    },
  };

  async function move({ network, encrypted }: InterfaceReach): Promise<void> {
    if (isForbidden)
      throw new InputError('bad-arguments', 'This Flyrail was started without an interface for browsers.');
    const next = network ? { host: everyCard, encrypted } : { host: least, encrypted: false };
    requireLogin(next, file);
    const left = remote;
    left?.leave();
    try {
      await takeTo(next, left?.port);
      await settings.update({ interface: { network, encrypted } });
    } finally {
      // Not before it is known what the page is answered.
      parting = Promise.all([parting, part(options.clock, left)]);
    }
  }

  async function takeTo(next: InterfacePlace, port: number | undefined): Promise<void> {
    const before = place;
    remote = undefined;
    try {
      remote = await startAt(options, next, port);
      place = next;
    } catch (error) {
      remote = await startAt(options, before, port);
      throw error;
    } finally {
      onChange();
    }
  }
}

interface Served {
  readonly place: InterfacePlace;
  readonly remote: RemoteServer | undefined;
}

/** What the window left must not keep Flyrail from its show: then it is served as if nothing had been left. */
async function begin(options: InterfaceHostOptions): Promise<Served> {
  const { asked, least, settings, file, log } = options;
  const kept = settings.current().interface;
  const atNight: InterfacePlace = { host: least, encrypted: false };
  const place = asked ?? (kept.network ? { host: everyCard, encrypted: kept.encrypted } : atNight);
  try {
    requireLogin(place, file);
    return { place, remote: await startAt(options, place) };
  } catch (error) {
    if (asked || !kept.network) throw error;
    log.error('the interface cannot be served to other machines', { error });
    return { place: atNight, remote: await startAt(options, atNight) };
  }
}

async function startAt(
  { start }: Pick<InterfaceHostOptions, 'start'>,
  { host, encrypted }: InterfacePlace,
  port?: number,
): Promise<RemoteServer | undefined> {
  return host === undefined ? undefined : start(host, encrypted, port);
}

async function part(clock: Clock, left: RemoteServer | undefined): Promise<void> {
  if (!left) return;
  await new Promise<void>((resolve) => clock.after(partsAfter, resolve));
  await left.stop();
}

function requireLogin({ host }: InterfacePlace, file: AccessFile): void {
  if (host === undefined || host === '127.0.0.1' || hasLogin(file)) return;
  throw new InputError(
    'no-login',
    'Other machines would reach the interface and nobody could log in. Set a PIN first, as flyrail access pin set --role view does, or pair a page on this machine.',
    { host },
  );
}
