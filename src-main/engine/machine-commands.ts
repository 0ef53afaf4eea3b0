import type { AccessRules, AccessRulesState, NewToken, TokenEntry } from '../contract/access-rules.ts';
import type { NetworkCard, PortKind, PortList } from '../contract/device.ts';
import type { DoorStatus, KeptDoor } from '../contract/door.ts';
import type { EngineApi, ShowState } from '../contract/engine-api.ts';
import type { LearnedControls } from '../contract/learned-controls.ts';
import { InputError } from '../contract/errors.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { AccessList } from './access-list.ts';
import type { EngineDiscovery } from './discovery/open-discovery.ts';

/** Of the ways in for CLASP clients. */
export interface DoorCommands {
  put(door: KeptDoor): Promise<readonly DoorStatus[]>;
  switch(id: string, enabled: boolean): Promise<readonly DoorStatus[]>;
  remove(id: string): Promise<readonly DoorStatus[]>;
}

/** Of who may connect, and how fast they may send. */
export interface AccessCommands {
  setRules(rules: AccessRules): Promise<AccessRulesState>;
  createToken(token: NewToken): Promise<{ readonly token: string; readonly entry: TokenEntry }>;
  listTokens(): Promise<readonly TokenEntry[]>;
  revokeToken(id: string): Promise<void>;
}

/** What belongs to this machine rather than to a show. */
export interface MachineParts {
  readonly access: AccessList;
  readonly doors: DoorCommands;
  readonly desk: AccessCommands;
  readonly secrets: Pick<Secrets, 'set'>;
  readonly discovery: EngineDiscovery;
  readonly listNetworkCards: () => readonly NetworkCard[];
  readonly listPorts: (of: PortKind) => Promise<PortList>;
  /** @param part page and usage, or empty */
  readonly learnControls: (device: string, part: string) => LearnedControls;
  /** undefined where there is no UI port */
  readonly makeUiLink: () => string | undefined;
}

type MachineCommand =
  | (
      | 'listNetworkCards'
      | 'listPorts'
      | 'learnControls'
      | 'allowOrigin'
      | 'forbidOrigin'
      | 'makeUiLink'
      | 'putDoor'
      | 'switchDoor'
      | 'removeDoor'
    )
  | (
      | 'setAccessRules'
      | 'createToken'
      | 'listTokens'
      | 'revokeToken'
      | 'setSecret'
      | 'setDiscovery'
      | 'lookAgain'
      | 'connectFound'
    );

export function machineCommands(
  machine: MachineParts,
  seen: (state: ShowState) => ShowState,
): Pick<EngineApi, MachineCommand> {
  const { access, doors, desk, secrets, discovery } = machine;
  return {
    listNetworkCards: () => Promise.resolve(machine.listNetworkCards()),
    listPorts: ({ of }) => machine.listPorts(of),
    learnControls: ({ device, part }) => Promise.resolve(machine.learnControls(device, part)),
    allowOrigin: ({ origin }) => access.allow(origin),
    forbidOrigin: ({ origin }) => access.forbid(origin),
    makeUiLink: async () => {
      const url = machine.makeUiLink();
      if (url === undefined)
        throw new InputError('bad-arguments', 'This Flyrail runs without an interface for browsers.');
      return Promise.resolve({ url });
    },
    putDoor: (door) => doors.put(door),
    switchDoor: ({ id, enabled }) => doors.switch(id, enabled),
    removeDoor: ({ id }) => doors.remove(id),
    setAccessRules: (rules) => desk.setRules(rules),
    createToken: (token) => desk.createToken(token),
    listTokens: () => desk.listTokens(),
    revokeToken: ({ id }) => desk.revokeToken(id),
    setSecret: ({ name, value }) => secrets.set(name, value),
    setDiscovery: ({ mode }) => discovery.setMode(mode),
    lookAgain: () => {
      discovery.look();
      return Promise.resolve();
    },
    connectFound: async ({ key }) => {
      const { revision, show } = await discovery.connect(key);
      return { revision, show: seen(show) };
    },
  };
}
