import { isLoopback } from '../contract/loopback.ts';
import { isIP } from 'node:net';

export interface UpgradeRequest {
  /** as the client sent them */
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

export interface UpgradeRules {
  /** names of this machine, lower case */
  readonly ownNames: readonly string[];
  /** asked for origins that do not pass by themselves */
  readonly isAllowedOrigin: (origin: string) => boolean;
}

/** Why an upgrade was refused, with what the client sent. */
export interface UpgradeRefusal {
  readonly because: 'host' | 'origin';
  readonly text: string;
}

/** Whether a client may open a WebSocket. Programs send no Origin and pass; a web page passes when it comes from this
 *  machine, from the host it dials, or was allowed. The Host must be an address or a name of this machine: a foreign name
 *  means that a page had its own name point here (DNS rebinding). */
export function checkUpgrade({ host, origin }: UpgradeRequest, rules: UpgradeRules): UpgradeRefusal | undefined {
  const hostName = hostNameOf(host ?? '');
  if (hostName === undefined || !isOwnHost(host, rules.ownNames)) return { because: 'host', text: host ?? '' };
  if (origin === undefined) return undefined;
  const originName = originNameOf(origin);
  if (originName !== undefined && (originName === hostName || isLoopback(originName))) return undefined;
  return rules.isAllowedOrigin(origin) ? undefined : { because: 'origin', text: origin };
}

/** `[::1]:7330` gives `::1`, `Desk.local:7330` gives `desk.local`. */
function hostNameOf(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

function originNameOf(origin: string): string | undefined {
  if (!/^https?:\/\/[^/@]+$/i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Whether a Host is an address or a name of this machine. @param ownNames in lower case */
export function isOwnHost(host: string | undefined, ownNames: readonly string[]): boolean {
  const name = hostNameOf(host ?? '');
  return name !== undefined && (isIP(name) !== 0 || name === 'localhost' || ownNames.includes(name));
}
