import { UnavailableError } from '../../../contract/errors.ts';
import type { Value } from '../../../contract/signal.ts';
import type { Clock } from '../../../ports/clock.ts';
import { messageType, type PublishMessage } from '../../protocol/messages.ts';
import { signalAddress } from '../../protocol/p2p.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import type { RouterLimits } from '../limits.ts';
import type { Session } from './session.ts';

export interface PeerSignalsOptions {
  readonly clock: Pick<Clock, 'nowMicros'>;
  readonly limits: Pick<RouterLimits, 'signalsBurstMax' | 'signalsPerSecondMax'>;
  /** a greeted session that is here */
  readonly sessionOf: (id: string) => Session | undefined;
}

/** What a participant in the process does with what is signalled to it. */
type Receiver = (from: string, value: Value) => void;

interface Allowance {
  left: number;
  at: number;
}

/** Takes what peers signal to each other to the one that it is for, and to nobody else: neither subscribers nor the past nor
 *  the journal have it, since whoever knows it could take the connection over. */
export class PeerSignals {
  readonly #options: PeerSignalsOptions;
  readonly #receivers = new Map<string, Receiver>();
  readonly #allowances = new WeakMap<Session, Allowance>();

  constructor(options: PeerSignalsOptions) {
    this.#options = options;
  }

  /** A participant in the process. @returns ends it @throws UnavailableError 'cannot-open-port' when somebody has the id */
  receive(id: string, run: Receiver): () => void {
    if (this.#receivers.has(id)) {
      const message = 'There is a way in over WebRTC already, and peers could not tell a second one from it.';
      throw new UnavailableError('cannot-open-port', message, { id });
    }
    this.#receivers.set(id, run);
    return () => this.#receivers.delete(id);
  }

  /** @param from a session's id @returns false when nobody has the id */
  pass(to: string, message: PublishMessage, from: string): boolean {
    const receiver = this.#receivers.get(to);
    if (!receiver) return this.#send(to, message);
    receiver(from, message.value?.value ?? { type: 'null' });
    return true;
  }

  /** From a participant in the process. @returns false when no session has the id */
  send(to: string, value: Value): boolean {
    const address = signalAddress(to);
    return this.#send(to, { type: messageType.publish, kind: 'event', address, value: WireValue.of(value) });
  }

  /** Whether a session may signal once more now. Events are never left out on their way, so a flood of them would end the
   *  session that it is for. */
  allows(session: Session): boolean {
    const { clock, limits } = this.#options;
    const now = clock.nowMicros();
    const allowance = this.#allowances.get(session) ?? { left: limits.signalsBurstMax, at: now };
    const more = ((now - allowance.at) / 1e6) * limits.signalsPerSecondMax;
    allowance.left = Math.min(limits.signalsBurstMax, allowance.left + more);
    allowance.at = now;
    this.#allowances.set(session, allowance);
    if (allowance.left < 1) return false;
    allowance.left--;
    return true;
  }

  #send(to: string, message: PublishMessage): boolean {
    const session = this.#options.sessionOf(to);
    session?.send(message);
    return session !== undefined;
  }
}
