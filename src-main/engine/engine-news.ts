import type { DeviceState, DeviceStatus } from '../contract/device.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Bridge, BridgeKind } from '../contract/show.ts';
import type { EventHub } from './event-hub.ts';

/** What `flyrail serve --json` prints after its first line, one object a line. */
export type EngineNews =
  | { readonly event: 'show-saved'; readonly name: string; readonly file: string | null; readonly at: string }
  | {
      readonly event: 'bridge-status';
      readonly id: string;
      readonly kind: BridgeKind;
      readonly status: DeviceState;
      readonly reason: string;
    }
  /** the printed link was used; this one is for the next browser */
  | { readonly event: 'ui-link'; readonly url: string }
  | { readonly event: 'stopping'; readonly reason: string };

interface NewsOptions {
  readonly hub: EventHub;
  readonly bridges: () => readonly Bridge[];
  readonly onNews: (news: EngineNews) => void;
}

/** Turns what happens inside into the lines that other programs follow: each save, and each change of a bridge's state. */
export function tellNews({ hub, bridges, onNews }: NewsOptions): Cancel {
  const states = new Map<string, DeviceState>();
  let savedAt: number | null = null;
  const cancels = [
    hub.on('show', (show) => {
      if (show.savedAt === null || show.savedAt === savedAt || show.saveProblem !== null) return;
      savedAt = show.savedAt;
      onNews({ event: 'show-saved', name: show.name, file: show.file, at: new Date(savedAt).toISOString() });
    }),
    hub.on('devices', (statuses) => {
      for (const status of statuses) tellBridge(status);
      const present = new Set(statuses.map(({ bridgeId }) => bridgeId));
      for (const id of states.keys()) if (!present.has(id)) states.delete(id);
    }),
    hub.on('stopping', ({ reason }) => {
      onNews({ event: 'stopping', reason });
    }),
  ];
  return () => {
    for (const cancel of cancels) cancel();
  };

  function tellBridge({ bridgeId, state, reason }: DeviceStatus): void {
    const bridge = bridges().find(({ id }) => id === bridgeId);
    if (!bridge || states.get(bridgeId) === state) return;
    states.set(bridgeId, state);
    onNews({ event: 'bridge-status', id: bridgeId, kind: bridge.kind, status: state, reason });
  }
}
