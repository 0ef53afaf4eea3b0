import { isLoopback } from './loopback.ts';
import type { OscSettings } from './bridges/osc.ts';
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
  const listeners = enabled.filter(({ settings }) => hears(settings));
  return enabled
    .filter(({ settings }) => speaks(settings))
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

function hears({ direction, transport, role }: OscSettings): boolean {
  return direction !== 'out' && (transport === 'udp' || role !== 'connect');
}

function speaks({ direction, transport, role }: OscSettings): boolean {
  return direction !== 'in' && (transport === 'udp' || role !== 'listen');
}

/** By the settings alone. A bridge does not hear its own datagrams that come back by broadcast, but others of the show do. */
function reaches(sender: OscBridge, listener: OscBridge, ownAddresses: readonly string[]): boolean {
  const { transport, targets } = sender.settings;
  if (transport !== listener.settings.transport) return false;
  return targets
    .filter(({ port }) => port === listener.settings.listenPort)
    .some(({ host }) => arrives(host, listener, ownAddresses) || (sender !== listener && isShared(host, listener)));
}

function arrives(host: string, { settings }: OscBridge, ownAddresses: readonly string[]): boolean {
  const { listenHost, networkCard } = settings;
  const heard = addressesOf(listenHost);
  return addressesOf(host).some((address) => {
    // One that listens on one card hears nothing of the loopback; which address the card has, its name does not say.
    if (isAny(listenHost) && networkCard !== '' && networkCard !== 'lo' && isLoopback(address)) return false;
    if (heard.includes(address)) return true;
    const isOwn = isLoopback(address) || ownAddresses.includes(address);
    // An IPv6 socket on all addresses takes IPv4 as well, not the other way round.
    return isOwn && (listenHost === '::' || (listenHost === '0.0.0.0' && !address.includes(':')));
  });
}

/** The system hands what is sent to everyone, or to a group, to those on this machine too. */
function isShared(host: string, { settings: { transport, listenHost, groups } }: OscBridge): boolean {
  if (transport !== 'udp') return false;
  return groups.includes(host) || (host === '255.255.255.255' && isAny(listenHost));
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Where a packet to this host arrives: what is sent to all addresses comes to the loopback. */
function addressesOf(host: string): readonly string[] {
  const name = host.toLowerCase();
  if (name === 'localhost') return ['127.0.0.1', '::1'];
  if (name === '0.0.0.0') return ['127.0.0.1'];
  return [name === '::' ? '::1' : name];
}
