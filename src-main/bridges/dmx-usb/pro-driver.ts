import type { DeviceIdentity } from '../../contract/device-identity.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';
import type { DmxDriver, DmxDriverOptions } from './dmx-driver.ts';
import { ProFaults } from './pro-faults.ts';
import {
  applyChanges,
  encodeDmx,
  encodeMessage,
  hasParameters,
  parametersData,
  proLabel,
  proRateMax,
  readHeardFrame,
  readName,
  readParameters,
  readSerialNumber,
  type ProMessage,
  type ProParameters,
} from './pro-messages.ts';
import { ProSplitter } from './pro-splitter.ts';

/** For an answer; asked twice before it is believed that none comes. */
export const answerWithin = millis(400);
const asksMax = 2;

const nothing = new Uint8Array(0);
/** Two bytes for how much of the operator's own memory is wanted: none. */
const noUserBytes = Uint8Array.of(0, 0);

/** An ENTTEC DMX USB Pro, or what speaks as one. It makes the frames on the line by itself, and repeats the last one.
 *  @see ENTTEC DMX USB Pro Widget API 1.44 */
export class ProDriver implements DmxDriver {
  readonly #options: DmxDriverOptions;
  readonly #splitter: ProSplitter;
  readonly #faults = new ProFaults();
  readonly #identity: { manufacturer?: string; name?: string; serialNumber?: string | undefined } = {};
  /** start code and levels, as the changes that came have made them */
  readonly #heard = new Uint8Array(1 + slotsPerUniverse);
  /** outputs whose last frame the system has not yet taken */
  readonly #leaving = new Set<number>();
  #settings: DmxDriverOptions['settings'];
  #parameters: ProParameters | undefined;
  #hasAnswered = false;
  #hasSet = false;
  #asks = 0;
  #state: 'asking' | 'ready' | 'stopped' = 'asking';
  #cancel: Cancel | undefined;

  constructor(options: DmxDriverOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#splitter = new ProSplitter({
      onMessage: (message) => this.#receive(message),
      onSkipped: (bytes) => this.#faults.skipped(bytes),
    });
    options.port.on('data', (chunk: Uint8Array) => this.#splitter.read(chunk, options.clock.nowMicros()));
  }

  get identity(): DeviceIdentity {
    const { manufacturer, name, serialNumber } = this.#identity;
    const firmware = this.#parameters?.firmware;
    return {
      model: [manufacturer, name].filter(Boolean).join(' ') || 'DMX USB Pro',
      ...(serialNumber !== undefined && { serialNumber }),
      ...(firmware !== undefined && { firmware }),
    };
  }

  get words(): string {
    const { model, serialNumber } = this.identity;
    return [model, serialNumber].filter(Boolean).join(' ');
  }

  get notes(): string {
    return [this.#rateNote(), this.#faults.words].filter(Boolean).join(' ');
  }

  begin(): void {
    this.#ask();
  }

  send(output: number, levels: Readonly<Uint8Array>): void {
    const { port, events } = this.#options;
    // A frame that waited behind another would only be late: the next one has newer levels.
    if (this.#state !== 'ready' || this.#leaving.has(output)) return;
    this.#leaving.add(output);
    const first = this.#settings.secondUniverse === null ? proLabel.sendDmx : proLabel.sendFirst;
    port.write(encodeDmx(output === 0 ? first : proLabel.sendSecond, levels), () => this.#leaving.delete(output));
    events.onSent(output);
  }

  change(settings: DmxDriverOptions['settings']): void {
    this.#hasSet &&= settings.rate === this.#settings.rate;
    this.#settings = settings;
    if (this.#state === 'ready' && this.#parameters) this.#setWhereOther(this.#parameters);
  }

  stop(): void {
    this.#state = 'stopped';
    this.#cancel?.();
  }

  #ask(): void {
    this.#asks++;
    this.#write(proLabel.parameters, noUserBytes);
    for (const label of [proLabel.serialNumber, proLabel.manufacturer, proLabel.deviceName]) this.#write(label);
    this.#cancel?.();
    this.#cancel = this.#options.clock.after(answerWithin, () => this.#stopAsking());
  }

  #stopAsking(): void {
    if (this.#state !== 'asking') return;
    if (this.#asks < asksMax) return this.#ask();
    // Some that are compatible tell no parameters.
    if (this.#hasAnswered) return this.#becomeReady();
    this.stop();
    this.#options.events.onWrong(
      'does not answer as a DMX USB Pro: choose Open DMX if it is such a cable, or another port',
    );
  }

  #receive(message: ProMessage): void {
    if (this.#state === 'stopped') return;
    try {
      this.#read(message);
    } catch (error) {
      this.#faults.unreadable(messageOf(error));
    }
  }

  #read(message: ProMessage): void {
    switch (message.label) {
      case proLabel.parameters:
        this.#parameters = readParameters(message);
        this.#hasAnswered = true;
        return this.#learnedParameters(this.#parameters);
      case proLabel.serialNumber:
        this.#identity.serialNumber = readSerialNumber(message);
        this.#hasAnswered = true;
        return;
      case proLabel.manufacturer:
        this.#identity.manufacturer = readName(message);
        return;
      case proLabel.deviceName:
        this.#identity.name = readName(message);
        return;
      case proLabel.receivedDmx:
        return this.#hear(message);
      case proLabel.changedDmx:
        return this.#hearChanges(message);
      default:
        // Replies of other kinds are for other programs.
        return;
    }
  }

  #learnedParameters(now: ProParameters): void {
    if (!this.#setWhereOther(now) && this.#state === 'asking') this.#becomeReady();
  }

  /** It keeps its times and rate for life, in a memory that wears: they are set only where they differ, and once, for one that does
   *  not take them.
   *  @returns whether they were set; then it tells them again */
  #setWhereOther(now: ProParameters): boolean {
    if (this.#settings.direction !== 'out' || this.#hasSet || hasParameters(now, this.#settings)) return false;
    this.#hasSet = true;
    this.#write(proLabel.setParameters, parametersData(now, this.#settings));
    this.#write(proLabel.parameters, noUserBytes);
    return true;
  }

  #rateNote(): string {
    const { direction, rate } = this.#settings;
    const own = this.#parameters?.rateHz;
    if (direction !== 'out' || own === undefined || own === rate) return '';
    if (rate > proRateMax && (own === 0 || own === proRateMax))
      return own === 0 ? '' : `A USB Pro itself sends ${proRateMax} frames a second at the most.`;
    return `The interface itself sends ${own === 0 ? 'as many frames as it can' : `${own} frames a second`}.`;
  }

  #becomeReady(): void {
    const { direction, receive } = this.#settings;
    this.#state = 'ready';
    this.#cancel?.();
    if (direction === 'in') this.#write(proLabel.receiveMode, Uint8Array.of(receive === 'changes' ? 1 : 0));
    this.#options.events.onReady();
  }

  #hear(message: ProMessage): void {
    if (!this.#isListening()) return;
    const frame = readHeardFrame(message);
    this.#faults.heard(frame);
    // What was overrun has lost bytes, and shifted all behind them.
    if (frame.startCode !== 0 || frame.overrun) return;
    this.#heard.set(frame.levels, 1);
    this.#options.events.onFrame(frame.levels);
  }

  #hearChanges(message: ProMessage): void {
    if (!this.#isListening()) return;
    const changed = applyChanges(message, this.#heard).filter((at) => at > 0);
    // Another start code: what stands behind it are no levels.
    if (this.#heard[0] !== 0) return this.#faults.otherStartCode();
    this.#options.events.onChanges(changed.map((slot) => ({ slot, level: this.#heard[slot] ?? 0 })));
  }

  #isListening(): boolean {
    return this.#state === 'ready' && this.#settings.direction === 'in';
  }

  #write(label: number, data: Uint8Array = nothing): void {
    this.#options.port.write(encodeMessage(label, data));
  }
}
