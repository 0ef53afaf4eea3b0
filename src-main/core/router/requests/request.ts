import { messageType, type MessageType, type Qos } from '../../protocol/messages.ts';
import type { HalfKept } from '../sessions/earlier-requests.ts';

/** How a message was asked, from its frame's header. */
export interface Request {
  readonly qos: Qos;
  /** given by clients that know request ids, in the place of the header's timestamp; undefined for all others */
  readonly id: bigint | undefined;
  /** what an earlier run of the router did of it, where that was not all */
  readonly halfKept?: HalfKept | undefined;
}

// Of clients that give no ids: one for all of them.
const fire: Request = { qos: 'fire', id: undefined };
const confirm: Request = { qos: 'confirm', id: undefined };

/** @param id undefined where the client gives none */
export function requestOf(qos: Qos, id: bigint | undefined): Request {
  if (id !== undefined || qos === 'commit') return { qos, id };
  return qos === 'fire' ? fire : confirm;
}

const changing: ReadonlySet<MessageType> = new Set([
  messageType.set,
  messageType.publish,
  messageType.bundle,
  messageType.announce,
  messageType.subscribe,
  messageType.unsubscribe,
]);

/** Whether doing it twice would differ from doing it once. */
export function changesSomething(type: MessageType): boolean {
  return changing.has(type);
}

const ofOneSession: ReadonlySet<MessageType> = new Set([
  messageType.announce,
  messageType.subscribe,
  messageType.unsubscribe,
]);

/** Whether what it did ended with its session. */
export function belongsToSession(type: MessageType): boolean {
  return ofOneSession.has(type);
}
