import type { RemoteState } from '../../../src-main/contract/remote-access.ts';

/** Where a page of a browser is from now on, when the interface went over to TLS or back: the port stays, the link that the page
 *  came by ends.
 *  @returns undefined where the page's own address goes on, where it leads nowhere any more, and in the desktop window */
export function movedPage(
  { encrypted, reach }: Pick<RemoteState, 'encrypted' | 'reach'>,
  { protocol, host, hostname }: Pick<Location, 'protocol' | 'host' | 'hostname'>,
): string | undefined {
  const scheme = encrypted ? 'https:' : 'http:';
  if (protocol === scheme || (protocol !== 'http:' && protocol !== 'https:')) return undefined;
  const isReached = reach === 'network' || ['127.0.0.1', 'localhost'].includes(hostname);
  return isReached ? `${scheme}//${host}/` : undefined;
}
