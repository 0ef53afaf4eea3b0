import type { DoorKind, DoorSettings, DoorStatus } from '../contract/door.ts';
import { messageOf } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { parseScope, type Scope } from '../contract/scope.ts';
import { millis } from '../contract/units.ts';
import { createBackoff, type Backoff } from '../core/retry/backoff.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Connection, Listening, Transport } from '../ports/transport.ts';

/** Waits between tries while a way in cannot be opened. */
export const doorRetryFirst = millis(1000);
export const doorRetryCap = millis(15_000);

export interface SupervisedDoorOptions {
  readonly id: string;
  /** undefined: the WebSocket port */
  readonly settings: DoorSettings | undefined;
  readonly isGiven: boolean;
  /** whether other machines come in by it and nobody is asked who they are */
  readonly isForAnyone: () => boolean;
  /** that this was chosen */
  readonly isAnyoneChosen: () => boolean;
  /** made anew for each try */
  readonly make: () => Promise<Transport>;
  readonly accept: (connection: Connection, scopes: readonly Scope[] | undefined) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onChange: () => void;
}

/** What came in by one way. */
export interface DoorFigures {
  readonly kind: DoorKind | 'websocket';
  readonly url: string;
  /** connected now */
  readonly connections: number;
  /** since Flyrail began */
  readonly acceptedTotal: number;
  /** what never reached the router, by why */
  readonly refused: Readonly<Record<string, number>>;
}

/** One way in: open while it is switched on. What cannot be opened is tried again for ever. */
export class SupervisedDoor {
  readonly id: string;
  readonly #options: SupervisedDoorOptions;
  readonly #scopes: readonly Scope[] | undefined;
  readonly #backoff: Backoff;
  /** opening and shutting, one after the other */
  #turn: Promise<unknown> = Promise.resolve();
  #isOn = false;
  #open: { readonly transport: Transport; readonly listening: Listening } | undefined;
  #fault: string | undefined;
  #cancelRetry: Cancel | undefined;
  #connections = 0;
  #acceptedTotal = 0;
  readonly #refusedBefore = new Map<string, number>();

  constructor(options: SupervisedDoorOptions) {
    this.id = options.id;
    this.#options = options;
    this.#scopes = options.settings?.scopes?.map(parseScope);
    this.#backoff = createBackoff({ random: options.random, first: doorRetryFirst, cap: doorRetryCap });
  }

  get url(): string {
    return this.#open?.listening.url ?? '';
  }

  /** Opens it, or leaves it off.
   *  @throws AppError why it cannot be opened */
  async openNow(): Promise<void> {
    this.#isOn = true;
    try {
      await this.#next(() => this.#listen());
    } catch (error) {
      this.#isOn = false;
      throw error;
    }
    this.#options.onChange();
  }

  /** Settles after the first try. */
  async switchOn(): Promise<void> {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#options.onChange();
    await this.#next(() => this.#try());
  }

  /** Those who came by it are closed. Settles when it is shut. */
  async switchOff(): Promise<void> {
    this.#isOn = false;
    this.#cancelRetry?.();
    this.#fault = undefined;
    await this.#next(async () => {
      const { transport, listening } = this.#open ?? {};
      this.#open = undefined;
      await listening?.stop();
      for (const [because, count] of Object.entries(transport?.refused?.() ?? {}))
        this.#refusedBefore.set(because, (this.#refusedBefore.get(because) ?? 0) + count);
    });
    this.#options.onChange();
  }

  status(): DoorStatus {
    const { id, settings = null, isGiven, isForAnyone, isAnyoneChosen } = this.#options;
    const { connections, acceptedTotal, refused } = this.figures();
    const refusedTotal = Object.values(refused).reduce((sum, count) => sum + count, 0);
    const counts = { connections, acceptedTotal, refusedTotal };
    const isOpenToAll = this.#isOn && isForAnyone();
    return {
      id,
      settings,
      isGiven,
      isForAnyone: isOpenToAll,
      isAnyoneChosen: isAnyoneChosen(),
      enabled: this.#isOn,
      url: this.url,
      ...this.#standing(),
      ...counts,
    };
  }

  figures(): DoorFigures {
    const refused: Record<string, number> = { ...this.#open?.transport.refused?.() };
    for (const [because, count] of this.#refusedBefore) refused[because] = (refused[because] ?? 0) + count;
    const kind = this.#options.settings?.kind ?? 'websocket';
    return { kind, url: this.url, connections: this.#connections, acceptedTotal: this.#acceptedTotal, refused };
  }

  #standing(): Pick<DoorStatus, 'state' | 'reason'> {
    if (!this.#isOn) return { state: 'off', reason: 'Switched off.' };
    const waitingFor = this.#open?.listening.waitingFor?.();
    if (waitingFor !== undefined) return { state: 'waiting', reason: waitingFor };
    if (this.#open) return { state: 'open', reason: 'Clients can come in.' };
    if (this.#fault === undefined) return { state: 'opening', reason: 'Opening it.' };
    return { state: 'broken', reason: `${this.#fault} Flyrail keeps trying.` };
  }

  #next<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(run);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #try(): Promise<void> {
    // Switched off while it waited for its turn.
    if (!this.#isOn || this.#open) return;
    const { clock, log, onChange } = this.#options;
    try {
      await this.#listen();
      this.#backoff.reset();
      this.#fault = undefined;
    } catch (error) {
      const fault = messageOf(error);
      if (fault !== this.#fault) log.warn('a way in cannot be opened', { door: this.id, reason: fault });
      this.#fault = fault;
      this.#cancelRetry = clock.after(this.#backoff.next(), () => void this.#next(() => this.#try()));
    }
    onChange();
  }

  async #listen(): Promise<void> {
    const transport = await this.#options.make();
    const listening = await transport.listen((connection) => this.#enter(connection));
    this.#open = { transport, listening };
  }

  #enter(connection: Connection): void {
    this.#acceptedTotal++;
    this.#connections++;
    connection.onClose(() => this.#connections--);
    this.#options.accept(connection, this.#scopes);
  }
}
