import { Readable } from 'node:stream';
import type { Aedes } from 'aedes';

/** Takes the place of what aedes hands messages on by: the router does that, so that one place decides who gets what. */
export function quietEmitter(): object {
  const soon = (run: unknown): void => {
    if (typeof run === 'function') setImmediate(run as () => void);
  };
  return {
    on: (_topic: string, _run: unknown, then: unknown) => soon(then),
    removeListener: (_topic: string, _run: unknown, then: unknown) => soon(then),
    emit: (_packet: object, then: unknown) => soon(then),
    close: soon,
  };
}

/** Leaves sessions and what is on its way in aedes's memory, and neither retained messages, which are the router's params, nor
 *  messages for who is away. */
export function quietPersistence(broker: Aedes): void {
  const { persistence } = broker as unknown as { readonly persistence: Record<string, unknown> };
  persistence['storeRetained'] = () => Promise.resolve();
  // Wills of other brokers that died: it would take those who are here for them.
  persistence['streamWill'] = () => Readable.from([]);
  persistence['subscriptionsByTopic'] = () => Promise.resolve([]);
}
