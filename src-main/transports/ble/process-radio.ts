import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { FromRadio, RadioProcess } from './radio-messages.ts';
import type { AcceptLink, CentralRadio, PeripheralRadio, RadioState, Sighting } from './radio.ts';
import { ProcessLink } from './process-link.ts';

export interface ProcessRadioOptions {
  readonly startProcess: () => RadioProcess;
  readonly clock: Clock;
  readonly log: Log;
  /** for a process that has failed, and one whose adapter is not on: a library looks for adapters when it begins */
  readonly againAfterMs?: Millis;
  /** for one whose adapter was on and went: what the library believes of it is not true of what comes back */
  readonly soonAgainMs?: Millis;
  /** for links to end in order */
  readonly closeWithinMs?: Millis;
}

interface Attempt {
  readonly accept: AcceptLink;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A radio in a process of its own. The libraries of radios throw where nobody can catch it, write to stdout, leave timers
 *  behind and end the process at Ctrl C; there it ends their process at most, and another is started. */
export class ProcessRadio implements CentralRadio, PeripheralRadio {
  readonly #options: Required<ProcessRadioOptions>;
  #process: RadioProcess;
  #state: RadioState = 'starting';
  #cancelAgain: Cancel | undefined;
  #isClosed = false;
  /** this process's adapter was on, and went */
  #hasLost = false;
  #found: ((sighting: Sighting) => void) | undefined;
  #acceptCentral: AcceptLink | undefined;
  readonly #stateListeners = new Set<(state: RadioState) => void>();
  readonly #links = new Map<number, ProcessLink>();
  readonly #attempts = new Map<number, Attempt>();
  #lastLink = 0;
  #closed: () => void = () => undefined;

  constructor(options: ProcessRadioOptions) {
    this.#options = {
      againAfterMs: 15_000 as Millis,
      soonAgainMs: 1000 as Millis,
      closeWithinMs: 300 as Millis,
      ...options,
    };
    this.#process = this.#start();
  }

  onState(run: (state: RadioState) => void): Cancel {
    this.#stateListeners.add(run);
    run(this.#state);
    return () => this.#stateListeners.delete(run);
  }

  scan(found: (sighting: Sighting) => void): Cancel {
    this.#found = found;
    this.#process.tell({ do: 'scan', isOn: true });
    return () => {
      if (this.#found !== found) return;
      this.#found = undefined;
      this.#process.tell({ do: 'scan', isOn: false });
    };
  }

  connect(id: string, { givenUp, accept }: Parameters<CentralRadio['connect']>[1]): Promise<void> {
    const link = ++this.#lastLink;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(unreached('the radio is closed'));
      this.#attempts.set(link, { accept, resolve, reject });
      givenUp.addEventListener('abort', () => this.#giveUp(link));
      this.#process.tell({ do: 'connect', link, id });
    });
  }

  advertise(name: string, accept: AcceptLink): Cancel {
    this.#acceptCentral = accept;
    this.#process.tell({ do: 'advertise', name });
    return () => {
      if (this.#acceptCentral !== accept) return;
      this.#acceptCentral = undefined;
      this.#process.tell({ do: 'advertise', name: undefined });
    };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    const { clock, closeWithinMs } = this.#options;
    this.#isClosed = true;
    this.#cancelAgain?.();
    this.#stateListeners.clear();
    await new Promise<void>((resolve) => {
      const cancel = clock.after(closeWithinMs, resolve);
      this.#closed = () => {
        cancel();
        resolve();
      };
      this.#process.tell({ do: 'close' });
    });
    await this.#process.end();
    this.#endAll('the radio is closed');
  }

  #start(): RadioProcess {
    const process = this.#options.startProcess();
    // What an old one still says is nobody's any more.
    process.onMessage((message) => {
      if (process === this.#process) this.#hear(message);
    });
    process.onGone((reason) => {
      if (process === this.#process) this.#lose(reason);
    });
    return process;
  }

  #lose(reason: string): void {
    this.#closed();
    if (this.#isClosed) return;
    this.#options.log.warn('bluetooth process failed', { reason });
    this.#turn('failed');
  }

  #turn(state: RadioState): void {
    if (this.#isClosed || (state === 'on' && this.#hasLost)) return;
    const { clock, againAfterMs, soonAgainMs } = this.#options;
    if (state === 'on') {
      this.#cancelAgain?.();
      this.#cancelAgain = undefined;
    } else {
      this.#hasLost ||= this.#state === 'on';
      this.#endAll('the adapter is gone');
      this.#cancelAgain ??= clock.after(this.#hasLost ? soonAgainMs : againAfterMs, () => void this.#again());
    }
    if (state === this.#state) return;
    this.#state = state;
    for (const run of this.#stateListeners) run(state);
  }

  /** What the door says does not change until the new process has something to say. */
  async #again(): Promise<void> {
    this.#cancelAgain = undefined;
    this.#hasLost = false;
    const old = this.#process;
    this.#process = this.#start();
    this.#cancelAgain = this.#options.clock.after(this.#options.againAfterMs, () => void this.#again());
    await old.end();
  }

  #hear(message: FromRadio): void {
    switch (message.is) {
      case 'state':
        // A library that has only begun says nothing new.
        return message.state === 'starting' && this.#state !== 'on' ? undefined : this.#turn(message.state);
      case 'sighting':
        return this.#found?.(message.sighting);
      case 'link':
        return this.#begin(message);
      case 'sent':
        return this.#links.get(message.link)?.sent(message.messageBytes);
      case 'received':
        return this.#links.get(message.link)?.receive(message.message);
      case 'ended':
        return this.#end(message.link, message.reason);
      case 'closed':
        return this.#closed();
      default:
        return message satisfies never;
    }
  }

  #begin({ link: number, peer, messageBytes }: Extract<FromRadio, { is: 'link' }>): void {
    const attempt = this.#attempts.get(number);
    const accept = number > 0 ? attempt?.accept : this.#acceptCentral;
    const process = this.#process;
    const tell: RadioProcess['tell'] = (message) => process.tell(message);
    if (!accept) return tell({ do: 'disconnect', link: number });
    const link = new ProcessLink(peer, { number, messageBytes, tell });
    this.#links.set(number, link);
    this.#attempts.delete(number);
    accept(link);
    attempt?.resolve();
  }

  #giveUp(link: number): void {
    const attempt = this.#attempts.get(link);
    if (!attempt) return;
    this.#attempts.delete(link);
    this.#process.tell({ do: 'disconnect', link });
    attempt.reject(unreached('given up'));
  }

  #end(number: number, reason: string): void {
    const [link, attempt] = [this.#links.get(number), this.#attempts.get(number)];
    this.#links.delete(number);
    this.#attempts.delete(number);
    attempt?.reject(unreached(reason));
    link?.end(reason);
  }

  #endAll(reason: string): void {
    for (const number of [...this.#links.keys(), ...this.#attempts.keys()]) this.#end(number, reason);
  }
}

function unreached(reason: string): UnavailableError {
  return new UnavailableError('cannot-open-port', reason);
}
