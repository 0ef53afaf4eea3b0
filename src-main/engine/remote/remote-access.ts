import { InputError } from '../../contract/errors.ts';
import type { PairingInfo, RemoteState } from '../../contract/remote-access.ts';
import { roles, type Role } from '../../contract/role.ts';
import { microsToMillis, millis } from '../../contract/units.ts';
import { rolesWithPin, type AccessFile, type AccessRecords } from '../../platform/access-file.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { TokenIssuer } from '../../ports/token-issuer.ts';
import { createLogins, isGone, type LoginReport, type Logins } from './logins.ts';
import { createPairing } from './pairing.ts';
import { loadPake, makePin, setPin } from './set-pin.ts';
import { createUiSessions, type UiSessions } from './ui-sessions.ts';

/** What the command line changes is noticed within this. */
const lookEvery = millis(3000);

interface RemoteAccessOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly file: AccessFile;
  readonly issuer?: TokenIssuer | undefined;
  readonly onLogin?: ((report: LoginReport) => void) | undefined;
  readonly onChange: () => void;
  /** where the interface is found now */
  readonly where: () => Pick<RemoteState, 'reach' | 'urls' | 'encrypted'>;
}

/** Who may come to the interface and who is there, as the operator sees and changes it. */
export interface RemoteAccess {
  readonly sessions: UiSessions;
  readonly logins: Logins;
  readonly onLogin: (report: LoginReport) => void;
  state(): RemoteState;
  /** @param pin made here without it @returns the PIN, told this once */
  setPin(role: Role, pin?: string): Promise<string>;
  clearPin(role: Role): Promise<void>;
  startPairing(role: Role): PairingInfo;
  stopPairing(): void;
  endSession(id: string): void;
  revokePaired(id: string): Promise<void>;
  close(): void;
}

export function createRemoteAccess(options: RemoteAccessOptions): RemoteAccess {
  const { clock, file, onChange } = options;
  const onLogin = options.onLogin ?? (() => undefined);
  const sessions = createUiSessions(clock, onChange);
  const pairing = createPairing(clock, onChange);
  const logins = createLogins({ clock, file, pairing, sessions, issuer: options.issuer, onLogin, loadPake });
  const readable = readableRecords(options);
  const watch = watchFile(options, () => {
    const records = readable();
    sessions.endOf((credential) => isGone(records, credential));
    onChange();
  });
  return {
    ...{ sessions, logins, onLogin },
    state: () => {
      const { paired, pins } = readable();
      return {
        ...options.where(),
        sessions: sessions.list(),
        pins: roles.filter((role) => pins[role] !== undefined),
        pairing: pairing.current(),
        paired: paired.map(({ id, name, role, since, lastSeen }) => ({ id, name, role, since, lastSeen })),
      };
    },
    ...recordCommands(options, watch.changed),
    startPairing: (role) => pairing.start(role),
    stopPairing: () => {
      pairing.stop();
    },
    endSession: (id) => {
      sessions.end(id);
    },
    close: () => {
      watch.close();
      pairing.stop();
      logins.close();
      sessions.close();
    },
  };
}

type RecordCommands = Pick<RemoteAccess, 'setPin' | 'clearPin' | 'revokePaired'>;

function recordCommands({ clock, file }: RemoteAccessOptions, changed: () => void): RecordCommands {
  return {
    setPin: async (role, given) => {
      const pin = given ?? makePin();
      await setPin({ file, role, pin, now: microsToMillis(clock.nowMicros()) });
      changed();
      return pin;
    },
    clearPin: async (role) => {
      await file.update((records) => ({ ...records, pins: { ...records.pins, [role]: undefined } }));
      changed();
    },
    revokePaired: async (id) => {
      if (file.read().paired.every((each) => each.id !== id))
        throw new InputError('unknown-id', 'No such page is paired. Nothing was changed.', { id });
      await file.update((records) => ({ ...records, paired: records.paired.filter((each) => each.id !== id) }));
      changed();
    },
  };
}

/** Of a file that is damaged nobody is let in. */
function readableRecords({ file, log }: RemoteAccessOptions): () => AccessRecords {
  return () => {
    try {
      return file.read();
    } catch (error) {
      log.warn('who may come to the interface cannot be read', { error });
      return { setup: '', salt: '', pins: {}, paired: [] };
    }
  };
}

/** Heeds what the command line changes, too. */
function watchFile({ clock, file }: RemoteAccessOptions, onChanged: () => void) {
  let seen = file.stamp();
  let cancel = clock.after(lookEvery, look);
  return {
    changed,
    close: (): void => {
      cancel();
    },
  };

  function look(): void {
    if (file.stamp() !== seen) changed();
    cancel = clock.after(lookEvery, look);
  }

  function changed(): void {
    seen = file.stamp();
    onChanged();
  }
}

/** Whether anybody could log in from another machine. */
export function hasLogin(file: AccessFile): boolean {
  const records = file.read();
  return rolesWithPin(records).length > 0 || records.paired.length > 0;
}
