import type { Address } from '../../contract/address.ts';
import type { SerialBridge as SerialBridgeSettings, SerialSettings } from '../../contract/bridges/serial.ts';
import { refusalShown } from '../../contract/device.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Bridge as BridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { microsToMillis, millis, type Millis } from '../../contract/units.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import { GivenMessages, rawPath, sendPath, type GivenMessage } from './given-messages.ts';
import { lineOf, SerialDevice, type SerialNeeds } from './serial-device.ts';
import { SerialOutbox, type OutboxMessage } from './serial-outbox.ts';
import { describeTraffic, Leftovers, type Leftover } from './serial-words.ts';
import { TakenMessages } from './taken-messages.ts';

/** A line that takes nothing for so long is in trouble. */
const stuckAfter = millis(2000);

/** Speaks with a device at a serial port in messages of text or bytes: what its rules find in them appears under the prefix,
 *  and what is set there leaves as its rules write it.
 *  @see docs/bridges/serial.md */
export class SerialBridge implements Bridge {
  #settings: SerialSettings;
  readonly #needs: SerialNeeds;
  readonly #device: SerialDevice;
  readonly #outbox: SerialOutbox;
  readonly #tally: TrafficTally;
  readonly #leftovers = new Leftovers();
  #taken: TakenMessages;
  #given: GivenMessages;
  #host: BridgeHost | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #polls: Cancel[] = [];
  #fullSince: Millis | undefined;
  #leftAt: Millis | undefined;
  #awayTotal = 0;
  /** of them, before it went this time */
  #awayBefore = 0;

  constructor({ settings }: SerialBridgeSettings, needs: SerialNeeds) {
    this.#settings = settings;
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    this.#taken = new TakenMessages(settings);
    this.#given = new GivenMessages(settings);
    this.#device = new SerialDevice(settings, needs, {
      onReady: () => this.#comeUp(),
      onGone: () => this.#goDown(),
      onMessage: (message) => this.#hear(message),
      onFault: (why) => this.#leaveOut(why),
      onDrain: () => this.#outbox.pump(),
    });
    this.#outbox = new SerialOutbox({
      clock: needs.clock,
      pacing: () => this.#settings,
      behindMs: () => this.#device.behindMs,
      isFull: () => this.#device.isFull,
      send: (message) => this.#send(message),
      onRefused: ({ name }, why) => this.#tally.refuse(name, why),
    });
  }

  start(host: BridgeHost): Promise<void> {
    this.#host = host;
    this.#started = this.#device.start();
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    const isAway = this.#device.trouble !== undefined && !this.#stopped;
    for (const signal of batch) {
      if (isAway) this.#awayTotal++;
      else this.#give(signal);
    }
  }

  /** A command that was given once by hand is not given again by itself. */
  isState(address: Address): boolean {
    const path = this.#given.pathOf({ address });
    return path !== sendPath && path !== rawPath;
  }

  /** What makes it another line, or another device, is not taken over. */
  change(next: BridgeSettings): boolean {
    if (next.kind !== 'serial' || !this.#started || this.#stopped) return false;
    if (placeOf(next.settings) !== placeOf(this.#settings)) return false;
    this.#settings = next.settings;
    this.#taken = new TakenMessages(next.settings);
    this.#given = new GivenMessages(next.settings);
    this.#device.change(next.settings);
    // What waited for a reply may not get one by the new settings.
    this.#outbox.replied();
    if (this.#device.trouble === undefined) this.#poll();
    return true;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#device.stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const away = this.#device.trouble;
    const { totals } = this.#tally;
    const device = this.#device.identity;
    return {
      ...(away === undefined ? this.#health() : { state: 'broken', reason: `${away}${this.#missed()}` }),
      url: `${this.#device.path ?? this.#settings.port}, ${this.#settings.baud} baud`,
      ...totals,
      refusedTotal: totals.refusedTotal + this.#awayTotal + this.#leftovers.faultsTotal,
      ...(device && { device }),
    };
  }

  #comeUp(): void {
    this.#outbox.open();
    for (const message of this.#settings.onAttach) this.#putFixed(message);
    this.#poll();
    this.#host?.returned();
  }

  #goDown(): void {
    this.#endPolls();
    this.#fullSince = undefined;
    this.#awayBefore = this.#awayTotal;
    this.#awayTotal += this.#outbox.close();
  }

  #hear(message: Uint8Array): void {
    if (this.#stopped) return;
    this.#tally.took(1);
    this.#tally.saw();
    const signals = this.#taken.take(message);
    if (typeof signals === 'string') this.#leaveOut(signals);
    else if (signals.length > 0) this.#host?.publish(signals);
    if (this.#taken.isReply(message)) this.#outbox.replied();
  }

  #give(signal: Signal): void {
    if (!this.#host || this.#stopped) return this.#tally.refuse(signal.address, 'the port is not open');
    const given = this.#given.give(signal);
    if (typeof given === 'string') return this.#tally.refuse(signal.address, given);
    this.#put(given, signal.address, signal.address);
  }

  #putFixed(message: string, key?: string): void {
    try {
      this.#put(this.#given.fixed(message), message, key);
    } catch (error) {
      this.#tally.refuse(message, messageOf(error));
    }
  }

  #put({ message, isRaw, waits, isNewest }: GivenMessage, name: string, key: string | undefined): void {
    const stream = isRaw ? message : this.#device.seal(message);
    if (typeof stream === 'string') return this.#tally.refuse(name, stream);
    if (stream.length === 0) return;
    const isKeyed = key !== undefined && (isNewest || key !== name);
    this.#outbox.put({ name, stream, waits, ...(isKeyed && { key }) });
  }

  #send({ stream }: OutboxMessage): void {
    this.#device.write(stream);
    this.#tally.sent();
    this.#fullSince = this.#device.isFull ? (this.#fullSince ?? this.#now()) : undefined;
  }

  #poll(): void {
    this.#endPolls();
    for (const [i, { message, everySeconds }] of this.#settings.polls.entries()) {
      const every = millis(everySeconds * 1000);
      const ask = (): void => {
        this.#polls[i] = this.#needs.clock.after(every, ask);
        this.#putFixed(message, `poll ${i}`);
      };
      ask();
    }
  }

  #endPolls(): void {
    for (const cancel of this.#polls.splice(0)) cancel();
  }

  #health(): Pick<BridgeHealth, 'state' | 'reason'> {
    const stuck = this.#device.isFull && this.#fullSince !== undefined && this.#now() - this.#fullSince > stuckAfter;
    const isRefusing = this.#tally.refused?.why === 'the device did not reply';
    const isNoisy = this.#leftAt !== undefined && this.#isRecent(this.#leftAt);
    const { faults } = this.#taken;
    const reasons = [
      stuck && 'The device takes nothing: look at its flow control.',
      ...faults,
      describeTraffic({ heard: this.#tally.inTotal, sent: this.#tally.outTotal, waiting: this.#outbox.waiting }),
      this.#leftovers.summary,
      this.#device.notes,
      this.#tally.refusal.trim(),
    ];
    return {
      state: stuck || isRefusing || isNoisy || faults.length > 0 ? 'trouble' : 'connected',
      reason: reasons.filter(Boolean).join(' '),
    };
  }

  #missed(): string {
    const count = this.#awayTotal - this.#awayBefore;
    return count === 0 ? '' : ` ${count} ${count === 1 ? 'value' : 'values'} came while it was away.`;
  }

  #leaveOut(why: Leftover): void {
    if (this.#leftovers.count(why)) this.#leftAt = this.#now();
  }

  #isRecent(at: Millis): boolean {
    return this.#now() - at <= refusalShown;
  }

  #now(): Millis {
    return microsToMillis(this.#needs.clock.nowMicros());
  }
}

/** What a device and its line are known by. */
function placeOf(settings: SerialSettings): string {
  const { port, prefix, dtr, rts } = settings;
  return JSON.stringify([port, prefix, dtr, rts, lineOf(settings)]);
}
