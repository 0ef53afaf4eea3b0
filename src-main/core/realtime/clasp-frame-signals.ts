import { tryAddress } from '../../contract/address.ts';
import { InputError, messageOf } from '../../contract/errors.ts';
import type { Signal } from '../../contract/signal.ts';
import { decodeFrame, frameMagic } from '../protocol/frame.ts';
import { frameHeaderBytes } from '../protocol/limits.ts';
import { messageType, type Message, type PublishMessage } from '../protocol/messages.ts';
import { signalOf } from '../router/state/signal-message.ts';

/** Whether bytes begin as a CLASP frame does. No whole MessagePack of this length begins so: 0x53 alone is the number 83. */
export function looksLikeClaspFrame(bytes: Uint8Array): boolean {
  return bytes.length >= frameHeaderBytes && bytes[0] === frameMagic;
}

/** What a frame of CLASP sets or publishes, bundles flat and at once; what else it may be says nothing.
 *  @throws InputError 'bad-value' in a clause for what is no frame
 *  @see CLASP-WIRE §1, §3 */
export function signalsOfClaspFrame(bytes: Uint8Array): readonly Signal[] {
  try {
    return signalsOf(decodeFrame(bytes).message);
  } catch (cause) {
    throw new InputError('bad-value', `it is no CLASP frame: ${messageOf(cause).replace(/\.$/, '')}`, {}, { cause });
  }
}

function signalsOf(message: Message): readonly Signal[] {
  switch (message.type) {
    case messageType.set:
      return paramOf(message);
    case messageType.snapshot:
      return message.params.flatMap(paramOf);
    case messageType.publish:
      return publishedIn(message);
    case messageType.bundle:
      return message.messages.flatMap(signalsOf);
    default:
      return [];
  }
}

function paramOf({
  address,
  value,
}: {
  readonly address: string;
  readonly value: { readonly value: Signal['value'] };
}): Signal[] {
  const found = tryAddress(address);
  return found === undefined ? [] : [{ kind: 'param', address: found, value: value.value }];
}

function publishedIn(message: PublishMessage): Signal[] {
  const address = tryAddress(message.address);
  return address === undefined ? [] : [signalOf(message, address)];
}
