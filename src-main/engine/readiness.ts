import type { DeviceState, DeviceStatus } from '../contract/device.ts';
import type { OpenDoor } from '../contract/door.ts';
import type { RemoteState } from '../contract/remote-access.ts';
import type { BridgeKind } from '../contract/show.ts';
import { millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventHub } from './event-hub.ts';
import type { ShowSession } from './show-session.ts';

/** How the engine stands when it has started; what the first line of `flyrail serve --json` says. */
export interface Readiness {
  readonly show: { readonly name: string; readonly file: string | null; readonly unsaved: boolean };
  readonly claspUrl: string;
  /** every way in for CLASP clients, the WebSocket port first */
  readonly transports: readonly OpenDoor[];
  /** of the rendezvous server inside; undefined: there is none */
  readonly rendezvousUrl: string | undefined;
  /** undefined without an interface */
  readonly ui: UiReadiness | undefined;
  readonly bridges: readonly BridgeReadiness[];
}

export interface UiReadiness extends Pick<RemoteState, 'reach' | 'urls' | 'encrypted'> {
  /** for a browser on this machine, with the one-time secret in its fragment */
  readonly url: string;
}

export interface BridgeReadiness {
  readonly id: string;
  readonly kind: BridgeKind;
  readonly name: string;
  readonly url: string;
  readonly status: DeviceState;
}

interface ReadinessOptions {
  readonly clock: Clock;
  readonly hub: Pick<EventHub, 'on'>;
  readonly show: Pick<ShowSession, 'state' | 'document'>;
  readonly devices: () => readonly DeviceStatus[];
  readonly claspUrl: string;
  readonly transports: readonly OpenDoor[];
  readonly rendezvousUrl: string | undefined;
  readonly ui: UiReadiness | undefined;
}

/** A bridge that takes longer than this for its first try is reported as connecting. */
const firstTry = millis(500);

export async function describeReadiness(options: ReadinessOptions): Promise<Readiness> {
  await firstTries(options);
  const { show, devices, claspUrl, transports, rendezvousUrl, ui } = options;
  const { name, file, unsaved } = show.state();
  const statuses = new Map(devices().map((status) => [status.bridgeId, status]));
  const bridges = show.document.bridges.map((bridge): BridgeReadiness => {
    const status = statuses.get(bridge.id);
    return {
      id: bridge.id,
      kind: bridge.kind,
      name: bridge.name,
      url: status?.url ?? '',
      status: status?.state ?? 'off',
    };
  });
  return { show: { name, file, unsaved }, claspUrl, transports, rendezvousUrl, ui, bridges };
}

function firstTries({ clock, hub, devices }: ReadinessOptions): Promise<void> {
  const settled = (statuses: readonly DeviceStatus[]) => statuses.every(({ state }) => state !== 'connecting');
  if (settled(devices())) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancelTimer();
      cancelEvent();
      resolve();
    };
    const cancelTimer = clock.after(firstTry, done);
    const cancelEvent = hub.on('devices', (statuses) => {
      if (settled(statuses)) done();
    });
  });
}
