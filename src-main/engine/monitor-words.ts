import type { DeviceStatus } from '../contract/device.ts';
import type { Bridge } from '../contract/show.ts';
import type { Delivery } from '../core/router/delivery/delivery.ts';
import { bridgeFor, bridgeNamed, localNameOf, slotFault, universeMissing } from './bridge-of-address.ts';
import type { DescribeDelivery, DescribeSome } from './feeds/monitor-feed.ts';

interface MonitorWordsOptions {
  readonly bridges: () => readonly Bridge[];
  readonly statusOf: (bridgeId: string) => DeviceStatus | undefined;
}

/** Both kinds of words, over what the engine knows of its bridges. */
export function monitorWords({
  bridges,
  devices,
}: Pick<MonitorWordsOptions, 'bridges'> & { readonly devices: () => readonly DeviceStatus[] }) {
  const statusOf = (id: string): DeviceStatus | undefined => devices().find(({ bridgeId }) => bridgeId === id);
  const options = { bridges, statusOf };
  return { describe: createMonitorWords(options), describeTraffic: createTrafficWords(options) };
}

/** Says of every signal where it came from or went to, and why, in an operator's words. */
export function createMonitorWords({ bridges, statusOf }: MonitorWordsOptions): DescribeDelivery {
  return (delivery) => {
    if (!delivery.fromLocal) return { direction: 'in', device: sessionName(delivery), because: '', trouble: false };
    const source = bridgeNamed(bridges(), delivery.from);
    if (source) return { direction: 'in', device: source.name, because: '', trouble: false };
    const because = reasonFor(delivery);
    const target = bridgeFor(bridges(), delivery.signal.address);
    if (!target) return { direction: 'own', device: 'flyrail', because, trouble: false };
    const fault = faultOf(target, statusOf(target.id)) ?? slotFault(target, delivery.signal.address);
    if (!fault) return { direction: 'out', device: target.name, because, trouble: false };
    return { direction: 'out', device: target.name, because: `${because}: not sent, ${fault}`, trouble: true };
  };
}

/** Says of what a device brought that it came in, and of what goes to it who sent it and why; nothing of all else. */
export function createTrafficWords({ bridges, statusOf }: MonitorWordsOptions): (bridgeId: string) => DescribeSome {
  return (bridgeId) => (delivery) => {
    const bridge = bridges().find(({ id }) => id === bridgeId);
    if (!bridge) return undefined;
    if (delivery.from === localNameOf(bridgeId))
      return { direction: 'in', device: bridge.name, because: '', trouble: false };
    const { address } = delivery.signal;
    if (universeMissing(bridge, address) !== undefined) return undefined;
    const from = delivery.fromLocal ? reasonFor(delivery) : `from ${sessionName(delivery)}`;
    const fault = faultOf(bridge, statusOf(bridge.id)) ?? slotFault(bridge, address);
    const because = fault ? `${from}: not sent, ${fault}` : from;
    return { direction: 'out', device: bridge.name, because, trouble: fault !== undefined };
  };
}

/** What a client calls itself, else the beginning of its session id. */
function sessionName({ fromName = '', from }: Delivery): string {
  return fromName.trim() === '' ? `client ${from.slice(0, 8)}` : fromName;
}

function reasonFor({ cause, from, at }: Delivery): string {
  if (!cause) return from === 'hand' ? 'sent by hand' : from;
  return `${cause.because}, ${((at - cause.arrivedAt) / 1000).toFixed(2)} ms later`;
}

function faultOf(bridge: Bridge, status: DeviceStatus | undefined): string | undefined {
  if (!bridge.enabled) return `${bridge.name} is switched off`;
  if (bridge.kind === 'osc' && bridge.settings.direction === 'in') return `${bridge.name} only listens`;
  return status?.state === 'broken' || status?.state === 'connecting' ? status.reason : undefined;
}
