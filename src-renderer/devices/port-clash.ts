import type { Bridge, OscBridge } from '../../src-main/contract/show.ts';
import { isolated } from '../widgets/isolate.ts';

/** Says which other OSC bridge of the show listens on the same port; undefined for none, and for what does not listen. */
export function describePortClash(own: OscBridge, bridges: readonly Bridge[]): string | undefined {
  if (!listens(own)) return undefined;
  const other = bridges.find(
    (bridge) =>
      bridge.kind === 'osc' &&
      bridge.id !== own.id &&
      listens(bridge) &&
      bridge.settings.transport === own.settings.transport &&
      bridge.settings.listenPort === own.settings.listenPort &&
      meet(bridge.settings.listenHost, own.settings.listenHost),
  );
  return other && `${isolated(other.name)} listens there too; the second one gets no port.`;
}

function listens(bridge: OscBridge): boolean {
  const { direction, transport, role } = bridge.settings;
  return bridge.enabled && (transport === 'tcp' ? role !== 'connect' : direction !== 'out');
}

function meet(left: string, right: string): boolean {
  return left === right || everyCard.has(left) || everyCard.has(right);
}

const everyCard: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
