import type { EngineApi } from '../contract/engine-api.ts';
import type { InterfaceReach, RemoteState } from '../contract/remote-access.ts';
import type { RemoteAccess } from './remote/remote-access.ts';

/** Who may come to the interface. */
export interface RemoteParts {
  readonly remote: RemoteAccess;
  readonly setInterface: (reach: InterfaceReach) => Promise<void>;
}

type RemoteCommand =
  'setInterface' | 'setPin' | 'clearPin' | 'startPairing' | 'stopPairing' | 'endSession' | 'revokePaired';

/** Each answers with how things stand then. */
export function remoteCommands({ remote, setInterface }: RemoteParts): Pick<EngineApi, RemoteCommand> {
  const after = async (change: unknown): Promise<RemoteState> => {
    await change;
    return remote.state();
  };
  return {
    setInterface: (reach) => after(setInterface(reach)),
    setPin: async ({ role, pin }) => ({ pin: await remote.setPin(role, pin) }),
    clearPin: ({ role }) => after(remote.clearPin(role)),
    startPairing: ({ role }) => after(remote.startPairing(role)),
    stopPairing: () => {
      remote.stopPairing();
      return after(undefined);
    },
    endSession: ({ id }) => {
      remote.endSession(id);
      return after(undefined);
    },
    revokePaired: ({ id }) => after(remote.revokePaired(id)),
  };
}
