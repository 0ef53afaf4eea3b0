import { AppError, InputError } from '../../contract/errors.ts';
import { f64, type Signal } from '../../contract/signal.ts';
import type { Random } from '../../ports/random.ts';
import { defaultQos } from '../protocol/frame.ts';
import { messageType, type Message, type Qos, type SetMessage } from '../protocol/messages.ts';
import { WireValue } from '../protocol/wire-value.ts';
import { publishOf } from '../router/state/signal-message.ts';
import { acknowledgementOf, type Acknowledgement } from './acknowledgement.ts';
import type { BundleItem, ClientRequests, LockOutcome, ParamAnswer, SetOptions, StreamOptions } from './client-api.ts';
import type { ClientSession } from './client-session.ts';
import { createGestures } from './gesture.ts';
import type { Answer } from './outgoing.ts';
import { query } from './query.ts';
import { scheduleBundle } from './scheduled-bundle.ts';

type Stream = Extract<Signal, { kind: 'stream' }>;

/** What can be asked of the router, as messages and their answers. */
export function createRequests(
  { asker, sender }: Pick<ClientSession, 'asker' | 'sender'>,
  random: Random,
): ClientRequests {
  const send = (make: () => Message, qos?: Qos): Promise<Acknowledgement> =>
    asker.attempt(() => {
      const message = make();
      const wanted = qos ?? defaultQos(message);
      return wanted === 'fire' ? asker.fire(message) : asker.ask(message, wanted, acknowledgementOf);
    });
  const set: ClientRequests['set'] = (address, value, { qos, ...flags } = {}) =>
    send(() => messageOf({ kind: 'param', address, value, ...flags }), qos);
  const publish: ClientRequests['publish'] = (signal, { qos } = {}) => send(() => messageOf(signal), qos);

  return {
    set,
    lock: (address, value, options) =>
      lockOutcome(set(address, value, { ...options, qos: options?.qos ?? 'confirm', lock: true })),
    publish,
    bundle: (items, { at, qos } = {}) =>
      send(
        () => ({
          type: messageType.bundle,
          messages: items.map(messageOf),
          ...(at !== undefined && { timestamp: BigInt(at) }),
        }),
        qos,
      ),
    schedule: (items, at) => scheduleBundle({ asker, sender }, () => items.map(messageOf), at),
    get: (address) => asker.ask({ type: messageType.get, address }, 'fire', (answer) => paramIn(answer, address)),
    query: (pattern) => asker.attempt(() => query(asker, sender, pattern)),
    announce: (namespace, signals) => send(() => ({ type: messageType.announce, namespace, signals }), 'confirm'),
    stream: async (address, samples, { qos, ...options } = {}) =>
      publish(batchOf({ address, samples, ...options }), qos && { qos }),
    gesture: createGestures(random, publish),
    timeline: (address, value) => publish({ kind: 'timeline', address, value }, { qos: 'commit' }),
  };
}

async function lockOutcome(asked: Promise<Acknowledgement>): Promise<LockOutcome> {
  try {
    const { locked, holder, revision } = await asked;
    // Old routers grant a lock without a word about it. What was done before a restart has no revision any more.
    return (locked ?? revision !== undefined)
      ? { locked: true, holder, revision }
      : { locked: false, holder: undefined };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'param-locked') throw error;
    const { holder } = error.details;
    return { locked: false, holder: typeof holder === 'string' ? holder : undefined };
  }
}

/** @throws InputError 'bad-arguments' */
function batchOf(batch: Pick<StreamOptions, 'rate' | 'timestamp'> & Pick<Stream, 'address' | 'samples'>): Stream {
  const { samples = [], rate } = batch;
  const last = samples.at(-1);
  if (last === undefined) throw new InputError('bad-arguments', 'A batch has at least one sample.');
  if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= 0xffff_ffff))
    throw new InputError('bad-arguments', `The rate of samples is a whole number from 1 a second, not ${rate}.`, {
      rate,
    });
  return { kind: 'stream', value: f64(last), ...batch };
}

function messageOf(item: Signal | BundleItem): Message {
  return item.kind === 'param' ? setOf(item) : publishOf(item);
}

function setOf(item: Extract<BundleItem, { kind: 'param' }> & Omit<SetOptions, 'qos'>): SetMessage {
  const { address, value, lock, unlock, ttl, expectedRevision } = item;
  return {
    type: messageType.set,
    address,
    value: WireValue.of(value),
    ...(lock && { lock }),
    ...(unlock && { unlock }),
    ...(ttl && { ttl }),
    ...(expectedRevision !== undefined && { revision: expectedRevision }),
  };
}

/** ERROR 201 is an answer too: there is nothing. */
function paramIn(answer: Answer, address: string): { readonly value: ParamAnswer | undefined } | undefined {
  if (answer === 'sent') return undefined;
  if ('type' in answer) {
    return answer.type === messageType.error && answer.code === 201 ? { value: undefined } : undefined;
  }
  return answer.address === address ? { value: { ...answer, value: answer.value.value } } : undefined;
}
