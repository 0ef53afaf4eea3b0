import { AppError, InputError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import { cancelBundleAddress } from '../protocol/correlation.ts';
import { messageType, type Message } from '../protocol/messages.ts';
import { WireValue } from '../protocol/wire-value.ts';
import { acknowledgementOf } from './acknowledgement.ts';
import type { ScheduledBundle } from './client-api.ts';
import type { ClientSession } from './client-session.ts';
import type { Request } from './outgoing.ts';

/** Under confirm: the ACK of a commit comes when it is done, which may be later than anybody waits. */
export function scheduleBundle(
  { asker, sender }: Pick<ClientSession, 'asker' | 'sender'>,
  messages: () => readonly Message[],
  at: Micros,
): ScheduledBundle {
  let request: Request | undefined;
  const accepted = asker.attempt(() => {
    const bundle: Message = { type: messageType.bundle, messages: messages(), timestamp: BigInt(at) };
    const started = asker.start(bundle, 'confirm', acknowledgementOf);
    request = started.request;
    return started.answer;
  });
  // Who cancels need not listen to it as well.
  accepted.catch(() => undefined);
  return { accepted, cancel };

  async function cancel(): Promise<boolean> {
    if (!request) return true;
    if (!request.wasSent && sender.requests.end(request)) {
      request.fail(new InputError('bundle-missed', 'The bundle was cancelled before it left.'));
      return true;
    }
    const value = WireValue.of({ type: 'i64', value: request.id });
    const message: Message = { type: messageType.publish, kind: 'event', address: cancelBundleAddress, value };
    try {
      const { acknowledged } = await asker.ask(message, 'confirm', acknowledgementOf);
      return acknowledged;
    } catch (error) {
      if (error instanceof AppError && error.code === 'unknown-address') return false;
      throw error;
    }
  }
}
