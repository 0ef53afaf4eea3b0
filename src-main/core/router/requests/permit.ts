import { tryAddress, tryPattern, type Address } from '../../../contract/address.ts';
import type { Looks } from '../../../contract/pattern-contain.ts';
import type { ScopeAction } from '../../../contract/scope.ts';
import { f64 } from '../../../contract/signal.ts';
import { looksTogetherMax, type Access } from '../../access/access.ts';
import type { RateLimit } from '../../access/token-bucket.ts';
import { cancelBundleAddress } from '../../protocol/correlation.ts';
import {
  messageType,
  type AnnounceMessage,
  type Message,
  type PublishMessage,
  type SetMessage,
} from '../../protocol/messages.ts';
import { addressIn } from '../../protocol/publish-codec.ts';
import type { Asked } from './acknowledge.ts';
import { flatten } from './bundle-steps.ts';
import { badPattern, errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import { deepWildcards } from './subscribe-request.ts';

type Write = SetMessage | PublishMessage;

/** Whether a session may ask for this at all: how fast it sends, what its token reaches, and how fast it may write there, in this
 *  order. What is permitted can still be refused for what it is.
 *  @returns why not; then nothing has changed */
export function permit(context: RequestContext, { session }: Asked, message: Message): Refusal | undefined {
  const { access, rates } = session;
  if (!access && !rates) return undefined;
  const writes = writesIn(message);
  const now = context.clock.seen;
  const cost = message.type === messageType.bundle ? Math.max(1, writes.length) : costOf(message);
  const exceeded = cost > 0 ? rates?.takeMessages(cost, now) : undefined;
  if (exceeded) return tooFast(exceeded, cost);
  const forbidden = access && (faultInWrites(access, writes) ?? faultInReading(context, access, message));
  if (forbidden) return forbidden;
  const addresses = writes.map(addressIn).filter((address) => address !== undefined);
  const crowded = addresses.length > 0 ? rates?.takeWrites(addresses, now) : undefined;
  return crowded && tooFast(crowded.limit, addresses.length, crowded.address);
}

const uncounted: ReadonlySet<number> = new Set([
  messageType.ack,
  messageType.ping,
  messageType.pong,
  messageType.sync,
  messageType.unsubscribe,
]);

function costOf({ type }: Message): number {
  return uncounted.has(type) ? 0 : 1;
}

function writesIn(message: Message): readonly Write[] {
  if (isWrite(message)) return [message];
  return message.type === messageType.bundle ? [...flatten(message)].filter(isWrite) : [];
}

/** What cancels a bundle writes nothing: only the bundles of its own session. */
function isWrite(message: Message): message is Write {
  const { type } = message;
  return type === messageType.set || (type === messageType.publish && message.address !== cancelBundleAddress);
}

/** What is no address is for others to refuse.
 *  @returns why the first that may not be written may not */
export function faultInWrites(access: Access, writes: readonly Write[]): Refusal | undefined {
  for (const write of writes) {
    const address = addressIn(write);
    if (address === undefined) continue;
    if (!access.may('write', address)) return outOfScope(access, 'write', address);
    const fault = faultInValues(access, write, address);
    if (fault !== undefined) return { code: errorNumber.outOfScope, message: fault, address };
  }
  return undefined;
}

function faultInValues(access: Access, write: Write, address: Address): string | undefined {
  if (access.constraints.length === 0) return undefined;
  const { samples, kind } = write.type === messageType.publish ? write : ({} as Partial<PublishMessage>);
  // Between its keyframes a timeline goes where its easings take it.
  if (kind === 'timeline') return access.faultIn(address, { type: 'null' });
  for (const sample of samples ?? []) {
    const fault = access.faultIn(address, f64(sample));
    if (fault !== undefined) return fault;
  }
  return write.value && access.faultIn(address, write.value.value);
}

function faultInReading({ limits }: RequestContext, access: Access, message: Message): Refusal | undefined {
  switch (message.type) {
    case messageType.get: {
      const address = tryAddress(message.address);
      return address === undefined || access.may('read', address) ? undefined : outOfScope(access, 'read', address);
    }
    case messageType.subscribe:
    case messageType.query:
    case messageType.replay:
      return faultInPattern(access, { action: 'read', text: message.pattern, most: limits.deepWildcardsMax });
    case messageType.announce:
      return faultInAnnounced(access, message, limits.deepWildcardsMax);
    default:
      return undefined;
  }
}

function faultInAnnounced(access: Access, { signals }: AnnounceMessage, most: number): Refusal | undefined {
  const looks = { left: looksTogetherMax };
  for (const { address } of signals) {
    const fault = faultInPattern(access, { action: 'write', text: address, most, looks });
    if (fault) return fault;
  }
  return undefined;
}

interface AskedPattern {
  readonly action: ScopeAction;
  readonly text: string;
  /** `**` in it */
  readonly most: number;
  readonly looks?: Looks;
}

/** An address is a pattern too. */
function faultInPattern(access: Access, { action, text, most, looks }: AskedPattern): Refusal | undefined {
  const pattern = tryPattern(text);
  if (pattern === undefined || deepWildcards(pattern) > most) return badPattern(text);
  return access.mayAll(action, pattern, looks) ? undefined : outOfScope(access, action, text);
}

function outOfScope({ words }: Access, action: ScopeAction, address: string): Refusal {
  const message = `This needs ${action}:${address}; the token allows ${words}.`;
  return { code: errorNumber.outOfScope, message: message.slice(0, 1000), address };
}

function tooFast({ rate, burst }: RateLimit, count: number, address?: string): Refusal {
  const where = address === undefined ? '' : ' here';
  const message =
    count > burst
      ? `At most ${burst} messages at once are taken${where}, and these are ${count}.`
      : `At most ${rate} messages a second are taken${where}, ${burst} at once. Send less often.`;
  return { code: errorNumber.limitReached, message, ...(address !== undefined && { address }) };
}
