import { hostname } from 'node:os';
import type { NetworkCard } from '../../contract/device.ts';
import type { RemoteState } from '../../contract/remote-access.ts';

/** Where the interface is served. */
export interface PageHost {
  /** as it was asked for: `127.0.0.1`, `0.0.0.0`, `192.168.1.20`, `stage-left.local` */
  readonly host: string;
  readonly cards: () => readonly NetworkCard[];
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export function isEveryCard(host: string): boolean {
  return wildcards.has(host);
}

/** What this machine is called in a URL of the interface, now. Nobody else's name is answered to, wherever it points. */
export function pageNames({ host, cards }: PageHost): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost'];
  if (host === '127.0.0.1') return new Set(names);
  const own = hostname().toLowerCase();
  const addresses = cards().filter((card) => isEveryCard(host) || card.address === host);
  return new Set(
    [...names, own, `${own}.local`, host.toLowerCase(), ...addresses.map(written)].filter((name) => !isEveryCard(name)),
  );
}

/** One URL for each network card; link-local addresses change, and no browser dials them. */
export function pageUrls({ host, cards }: PageHost, scheme: string, port: number): RemoteState['urls'] {
  const reachable = cards().filter(
    ({ address, loopback }) =>
      !loopback &&
      !/^fe80:/i.test(address) &&
      (host === '::' || (host === '0.0.0.0' ? !address.includes(':') : address === host)),
  );
  const found = reachable.map((card) => ({ card: card.name, url: `${scheme}://${written(card)}:${port}/` }));
  return found.length === 0 && !isEveryCard(host) ? [{ card: '', url: `${scheme}://${host}:${port}/` }] : found;
}

function written({ address }: NetworkCard): string {
  return address.includes(':') ? `[${address.toLowerCase()}]` : address;
}
