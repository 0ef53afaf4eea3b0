/** Names that Socket.IO keeps for itself on either side. [Socket.IO protocol 5, reserved events] */
const reserved: ReadonlySet<string> = new Set([
  ...['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'],
  // What a listener of Node's throws where nobody listens.
  'error',
]);

/** Letters of an event's name that is taken or given. */
export const eventNameMax = 1024;

/** What is wrong with the name of an event that something is sent as, as a clause; undefined for a sound one. */
export function eventFault(name: string): string | undefined {
  if (name === '') return 'an event has a name';
  if (name.length > eventNameMax) return `the name of an event has at most ${eventNameMax} letters`;
  return reserved.has(name) ? `Socket.IO keeps the event ${name} for itself` : undefined;
}

/** What is wrong with the name of a namespace, such as `/stage`, as a clause; undefined for a sound one. */
export function namespaceFault(name: string): string | undefined {
  if (!name.startsWith('/')) return 'a namespace begins with a slash';
  if (name.length > 256) return 'the name of a namespace has at most 256 letters';
  // The wire ends it with a comma, and what is behind a question mark goes into the query.
  return /[,?\s]/.test(name) ? 'a namespace has no comma, no question mark and no blank' : undefined;
}
