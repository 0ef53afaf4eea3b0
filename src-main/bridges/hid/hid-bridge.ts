import type { HidBridge as HidBridgeSettings } from '../../contract/bridges/hid.ts';
import type { DeviceIdentity } from '../../contract/device-identity.ts';
import { cutText } from '../../contract/cut-text.ts';
import { UnavailableError, messageOf } from '../../contract/errors.ts';
import type { HidControl } from '../../contract/hid-control.ts';
import { tryNumber, type Signal } from '../../contract/signal.ts';
import { ControlReader } from '../../core/hid/control-reader.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import { HeldHid } from '../../platform/hid/held-hid.ts';
import { hidWords } from '../../platform/hid/hid-identity.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HidAccess, HidInfo, OpenedHid } from '../../ports/hid-ports.ts';
import type { Log } from '../../ports/log.ts';
import { ControlSignals } from './control-signals.ts';
import { deviceControls, type DeviceControls } from './device-controls.ts';
import { OutputReports } from './output-reports.ts';

/** Letters of the status for names of what is held. */
const heldLettersMax = 200;

export interface HidBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly hid?: HidAccess | undefined;
}

/** Takes what is pressed and moved at one HID device, and sets its lamps. It stays up while the device is away.
 *  @see docs/bridges/hid.md */
export class HidBridge implements Bridge {
  readonly #settings: HidBridgeSettings['settings'];
  readonly #tally: TrafficTally;
  readonly #held: HeldHid | undefined;
  readonly #signals: ControlSignals;
  #host: BridgeHost | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';
  #controls: DeviceControls | undefined;
  #reader: ControlReader | undefined;
  /** the controls that it follows, as JSON */
  #readerFor = '';
  #outputs: OutputReports | undefined;
  #deviceWords = '';
  #identity: DeviceIdentity | undefined;
  #reportsTotal = 0;
  #awayTotal = 0;

  constructor({ settings }: HidBridgeSettings, { clock, log, hid }: HidBridgeNeeds) {
    this.#settings = settings;
    this.#tally = new TrafficTally(clock);
    this.#signals = new ControlSignals({ clock, settings, publish: (batch) => this.#publish(batch) });
    const { device, collection: part } = settings;
    this.#held =
      hid &&
      new HeldHid({
        ...{ device, part, clock, log, access: hid },
        prepare: (info) => this.#prepare(info, hid),
        onOpen: (opened, info) => this.#attached(opened, info),
        onReport: (bytes) => this.#take(bytes),
        onLost: () => this.#lost(),
      });
  }

  async start(host: BridgeHost): Promise<void> {
    if (!this.#held) throw new UnavailableError('cannot-open-port', 'HID devices are not to be had here.');
    this.#host = host;
    await this.#held.start();
    if (this.#state === 'stopped')
      throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    this.#state = 'started';
  }

  apply(batch: readonly Signal[]): void {
    if (this.#state !== 'started') {
      this.#tally.shed(batch.length);
      return;
    }
    if (!this.#outputs) {
      this.#awayTotal += batch.length;
      return;
    }
    for (const signal of batch) this.#put(signal, this.#outputs);
    this.#outputs.flush();
  }

  async stop(): Promise<void> {
    if (this.#state !== 'stopped') this.#letGo();
    this.#signals.stop();
    this.#state = 'stopped';
    this.#outputs = undefined;
    await this.#held?.stop();
  }

  status(): BridgeHealth {
    const { state, reason } = this.#standing();
    const url = this.#deviceWords === '' ? this.#settings.device : `${this.#deviceWords} (${this.#settings.device})`;
    const device = this.#identity;
    return { state, reason: `${reason}${this.#tally.refusal}`, url, ...this.#tally.totals, ...(device && { device }) };
  }

  /** What is known of the device is there before its first report. */
  async #prepare(info: HidInfo, hid: HidAccess): Promise<void> {
    const [layouts, described] = await Promise.all([hid.layouts(), hid.ports.describe(info.path)]);
    this.#controls = deviceControls({ ...layouts, info, described }, this.#settings);
  }

  #attached(device: OpenedHid, info: HidInfo): void {
    if (this.#state === 'stopped' || !this.#controls) return;
    this.#deviceWords = hidWords(info);
    const { serialNumber } = info;
    this.#identity = {
      ...(this.#deviceWords !== '' && { model: this.#deviceWords }),
      ...(serialNumber !== '' && { serialNumber }),
    };
    this.#readBy(this.#controls.controls);
    for (const of of this.#controls.controls)
      if (of.kind === 'jog' && this.#signals.kindOf({ is: 'jog', of }) === 'param') this.#signals.addLevel(of.name);
    const outputs = new OutputReports(device, this.#controls, (error) => {
      if (this.#outputs !== outputs) return;
      this.#held?.giveUp(`The device did not take what it was sent: ${messageOf(error).replace(/\.$/, '')}.`);
    });
    this.#outputs = outputs;
    void outputs.begin(this.#controls.atStart);
    if (this.#state === 'started') this.#host?.returned();
  }

  #take(bytes: Uint8Array): void {
    this.#reportsTotal++;
    this.#tally.saw();
    this.#outputs?.heard(bytes);
    const changes = this.#reader?.take(bytes) ?? [];
    if (changes.length > 0) this.#signals.take(changes);
  }

  /** What was held when the device went stays so, where that is wanted and the device is the same. */
  #readBy(controls: readonly HidControl[]): void {
    const before = this.#readerFor;
    this.#readerFor = JSON.stringify(controls);
    if (this.#reader && this.#readerFor === before) return;
    this.#letGo();
    this.#reader = new ControlReader(controls, this.#settings.deadzone);
  }

  #lost(): void {
    this.#identity = undefined;
    this.#outputs = undefined;
    this.#signals.cutOff();
    if (this.#settings.onUnplug === 'hold') this.#reader?.pause();
    else this.#letGo();
  }

  #letGo(): void {
    this.#signals.cutOff();
    if (this.#reader) this.#signals.take(this.#reader.release());
    this.#reader = undefined;
  }

  #put({ address, kind, value }: Signal, outputs: OutputReports): void {
    const name = address.slice(this.#settings.prefix.replace(/\/+$/, '').length + 1);
    if (kind === 'timeline') return this.#tally.refuse(address, 'a HID device takes no timelines');
    if (!outputs.has(name)) {
      const level = tryNumber(value);
      if (level !== undefined && this.#signals.setLevel(name, level)) return;
      return this.#tally.refuse(address, 'the device has no output of this name');
    }
    const why = outputs.put(name, value);
    if (why !== undefined) return this.#tally.refuse(address, why);
    this.#tally.sent();
  }

  #publish(batch: readonly Signal[]): void {
    if (this.#state === 'stopped') return;
    this.#tally.took(batch.length);
    this.#host?.publish(batch);
  }

  #standing(): Pick<BridgeHealth, 'state' | 'reason'> {
    const trouble = this.#held?.trouble;
    if (trouble !== undefined) {
      const missed = this.#awayTotal === 1 ? '1 value was' : `${this.#awayTotal} values were`;
      const meanwhile = this.#awayTotal > 0 ? ` ${missed} not sent meanwhile.` : '';
      const held = this.#reader?.held ?? [];
      const stays = held.length > 0 ? ` Held as they were: ${cutText(held.join(', '), heldLettersMax)}.` : '';
      return { state: 'broken', reason: `${trouble} Flyrail attaches it as soon as it is there.${stays}${meanwhile}` };
    }
    const { controls = [], note = '', words = '' } = this.#controls ?? {};
    if (controls.length === 0) return { state: 'trouble', reason: note };
    const heard = this.#reportsTotal > 0 ? 'Listening.' : 'Listening; nothing was pressed yet.';
    return {
      state: 'connected',
      reason: [heard, `Its controls are known by ${words}.`, note].filter(Boolean).join(' '),
    };
  }
}
