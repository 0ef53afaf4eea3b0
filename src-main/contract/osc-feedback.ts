import { isLoopback } from './loopback.ts';
import type { Bridge, OscBridge } from './show.ts';

/** An OSC bridge that sends to a port where a bridge of the same show listens on the same machine: a mapping back, or
 *  equal prefixes, and signals go round without end. */
export interface OscFeedback {
  /** the one that sends */
  readonly bridgeId: string;
  /** the one that hears it; may be the same */
  readonly heardById: string;
  readonly heardByName: string;
}

/** @param bridges in the show's order; those that are switched off count for nothing
 *  @param ownAddresses IP addresses of this machine's network cards; its loopback is known
 *  @returns one for each pair, in the order of the senders */
export function findOscFeedback(bridges: readonly Bridge[], ownAddresses: readonly string[]): OscFeedback[] {
  const enabled = bridges.filter((bridge) => bridge.kind === 'osc').filter((bridge) => bridge.enabled);
  const listeners = enabled.filter(({ settings }) => settings.direction !== 'out');
  return enabled
    .filter(({ settings }) => settings.direction !== 'in')
    .flatMap((sender) =>
      listeners
        .filter((listener) => reaches(sender, listener, ownAddresses))
        .map(({ id, name }) => ({ bridgeId: sender.id, heardById: id, heardByName: name })),
    );
}

/** For a status: `Sends to Phone, a bridge of this show: signals could go round.` */
export function describeFeedback({ bridgeId, heardById, heardByName }: OscFeedback): string {
  const hearer = bridgeId === heardById ? 'the port it listens on' : `${heardByName}, a bridge of this show`;
  return `Sends to ${hearer}: signals could go round.`;
}

function reaches(sender: OscBridge, listener: OscBridge, ownAddresses: readonly string[]): boolean {
  const { remoteHost, remotePort } = sender.settings;
  const { listenHost, listenPort } = listener.settings;
  if (remotePort !== listenPort) return false;
  const hears = addressesOf(listenHost);
  return addressesOf(remoteHost).some((address) => {
    if (hears.includes(address)) return true;
    const isOwn = isLoopback(address) || ownAddresses.includes(address);
    // An IPv6 socket on all addresses takes IPv4 as well, not the other way round.
    return isOwn && (listenHost === '::' || (listenHost === '0.0.0.0' && !address.includes(':')));
  });
}

/** Where a packet to this host arrives: what is sent to all addresses comes to the loopback. */
function addressesOf(host: string): readonly string[] {
  const name = host.toLowerCase();
  if (name === 'localhost') return ['127.0.0.1', '::1'];
  if (name === '0.0.0.0') return ['127.0.0.1'];
  return [name === '::' ? '::1' : name];
}
