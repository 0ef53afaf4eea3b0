import process from 'node:process';
import type { Address } from '../../contract/address.ts';
import type { MidiBridge as MidiBridgeSettings } from '../../contract/bridges/midi.ts';
import { UnavailableError, messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import { microsToMillis, millis, type Millis } from '../../contract/units.ts';
import type { Bridge, BridgeHealth, BridgeHost, WhatStands } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { KeptPort } from './kept-port.ts';
import { joinedControllers, MidiEchoes } from './midi-echoes.ts';
import { midiForm, type MidiForm } from './midi-form.ts';
import { MidiInput } from './midi-input.ts';
import { isStatePath } from './midi-output.ts';
import { MidiSender } from './midi-sender.ts';
import type { MidiPorts, OpenMidiInput, OpenMidiOutput } from './midi-ports.ts';
import { MtcInput } from './mtc-input.ts';
import { systemMidiPorts } from './system-midi-ports.ts';

export interface MidiBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** those of this machine unless a test has others */
  readonly midiPorts?: MidiPorts;
  readonly platform?: string;
}

/** How often the list of ports is read: a port that was plugged in again is live within this. */
export const lookEvery = millis(1000);

/** Speaks MIDI with one device, or with other programs by a port of its own. It stays up while the device is away.
 *  @see CLASP-WIRE §16; docs/bridges/midi.md */
export class MidiBridge implements Bridge {
  readonly #settings: MidiBridgeSettings['settings'];
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ports: MidiPorts;
  readonly #input: KeptPort<OpenMidiInput> | undefined;
  readonly #output: KeptPort<OpenMidiOutput> | undefined;
  readonly #reader: MidiInput;
  readonly #mtc: MtcInput;
  readonly #sender: MidiSender;
  readonly #form: MidiForm;
  #host: BridgeHost | undefined;
  #isStarted = false;
  #isStopped = false;
  #cancelLook: Cancel = () => undefined;
  #looking: Promise<void> = Promise.resolve();
  /** why there are no ports at all */
  #noMidi: string | undefined;
  #seenAt: Millis | null = null;
  #inTotal = 0;

  constructor({ settings }: MidiBridgeSettings, needs: MidiBridgeNeeds) {
    const { clock, log, platform = process.platform } = needs;
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    this.#ports = needs.midiPorts ?? systemMidiPorts({ platform });
    const form = midiForm(settings);
    this.#form = form;
    const publish = (batch: readonly Signal[]): void => this.#publish(batch);
    const { freewheelFrames, offsetFrames, fineControllers, numbered, clockTicks } = settings;
    this.#mtc = new MtcInput({ clock, base: form.base, publish, freewheelFrames, offsetFrames });
    const timecode = (message: Parameters<MtcInput['take']>[0]): boolean => this.#mtc.take(message);
    const echoes = new MidiEchoes(clock, joinedControllers(fineControllers, numbered));
    this.#reader = new MidiInput({
      ...{ clock, form, fineControllers, numbered, clockTicks, publish, timecode },
      isEcho: (message) => echoes.isEcho(message),
    });
    this.#sender = new MidiSender({
      ...{ clock, form, settings, echoes },
      port: () => this.#output?.current,
      onLost: (why) => this.#output?.lose(why),
    });
    this.#input = this.#keep('input', platform, (port) => this.#ports.openInput(port, (bytes) => this.#receive(bytes)));
    this.#output = this.#keep('output', platform, (port) => this.#ports.openOutput(port));
  }

  async start(host: BridgeHost): Promise<void> {
    this.#host = host;
    this.#sender.resume(host.counts);
    await this.#look();
    if (this.#isStopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    this.#isStarted = true;
  }

  apply(batch: readonly Signal[], stands?: WhatStands): void {
    if (!this.#isStarted || this.#isStopped) return this.#sender.countUnsent(batch.length);
    for (const signal of batch) this.#sender.apply(signal, stands !== undefined);
  }

  isState(address: Address): boolean {
    const { base } = this.#form;
    return address.startsWith(`${base}/`) && isStatePath(address.slice(base.length + 1));
  }

  async stop(): Promise<void> {
    if (!this.#isStopped) {
      // What holds notes in the router, or in a device, is going.
      this.#reader.lose();
      this.#sender.stop(this.#host?.counts);
    }
    this.#isStopped = true;
    this.#cancelLook();
    this.#mtc.stop();
    await this.#looking;
    this.#cancelLook();
    this.#input?.close();
    this.#output?.close();
  }

  status(): BridgeHealth {
    const { outTotal, refusedTotal, refusals, sentAt } = this.#sender;
    const seenAt = Math.max(this.#seenAt ?? 0, sentAt ?? 0) as Millis;
    const dropped = this.#reader.droppedTotal;
    const totals = { inTotal: this.#inTotal, outTotal, refusedTotal: refusedTotal + dropped };
    const { state, reason } = this.#standing();
    return {
      ...{ state, reason: `${reason}${refusals.words()}`, url: this.#url(), seenAt: seenAt === 0 ? null : seenAt },
      ...totals,
      ...refusals.shown(),
    };
  }

  #keep<T extends OpenMidiInput>(
    word: 'input' | 'output',
    platform: string,
    open: (port: Parameters<MidiPorts['openOutput']>[0]) => Promise<T>,
  ): KeptPort<T> | undefined {
    const { mode, portName } = this.#settings;
    const name = this.#settings[word];
    if (mode === 'device' && name === '') return undefined;
    return new KeptPort({
      wanted: mode === 'virtual' ? { virtual: portName } : { name },
      word,
      platform,
      open,
      onAttached: () => this.#attached(word),
      onLost: () => this.#lost(word),
    });
  }

  #attached(word: 'input' | 'output'): void {
    this.#log.info('MIDI port attached', { word, name: this.#settings[word] });
    if (word === 'input' || this.#isStopped) return;
    this.#sender.attached();
    if (this.#isStarted) this.#host?.returned();
  }

  #lost(word: 'input' | 'output'): void {
    this.#log.warn('MIDI port is gone', { word, name: this.#settings[word] });
    if (word === 'output') return this.#sender.lost();
    this.#reader.lose();
    this.#mtc.lose();
  }

  #look(): Promise<void> {
    this.#looking = this.#lookOnce().then(() => {
      if (this.#isStopped) return this.#closeBoth();
      this.#cancelLook = this.#clock.after(lookEvery, () => void this.#look());
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    if (!this.#input && !this.#output) return;
    try {
      const { inputs, outputs } = await this.#ports.names();
      this.#noMidi = undefined;
      if (this.#isStopped) return;
      await this.#input?.look(inputs);
      await this.#output?.look(outputs);
    } catch (cause) {
      this.#noMidi = messageOf(cause);
      this.#input?.lose();
      this.#output?.lose();
    }
  }

  #closeBoth(): void {
    this.#input?.close();
    this.#output?.close();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isStopped) return;
    this.#seenAt = microsToMillis(this.#clock.nowMicros());
    this.#reader.feed(bytes);
  }

  #publish(batch: readonly Signal[]): void {
    this.#inTotal += batch.length;
    this.#host?.publish(batch);
  }

  #standing(): Pick<BridgeHealth, 'state' | 'reason'> {
    if (!this.#input && !this.#output)
      return { state: 'trouble', reason: 'No port is chosen. Choose an input or an output.' };
    if (this.#noMidi !== undefined)
      return {
        state: 'broken',
        reason: `${this.#noMidi} Flyrail looks again every second.${this.#sender.awayWords()}`,
      };
    const away = [this.#input?.trouble, this.#output?.trouble].filter((each) => each !== undefined);
    if (away.length > 0) {
      const works = this.#input?.isAttached === true || this.#output?.isAttached === true;
      // A device that cannot be sent to is away for the router; one that is only not heard still gets everything.
      const state = works && this.#output?.isAttached !== false ? 'trouble' : 'broken';
      return {
        state,
        reason: `${away.join(' ')} Flyrail attaches it as soon as it is back.${this.#sender.awayWords()}`,
      };
    }
    if (this.#reader.isSilent) {
      const why = 'The device fell silent, though it had sent that it is there all the time: look at its MIDI cable.';
      return { state: 'late', reason: `${why} ${this.#workingWords()}` };
    }
    return { state: 'connected', reason: this.#workingWords() };
  }

  #workingWords(): string {
    const heard = this.#reader.messagesTotal > 0 ? 'Listening.' : 'Listening; nothing heard yet.';
    const sent = this.#sender.outTotal > 0 ? 'Sending.' : 'Ready to send.';
    const notes = [this.#input?.note, this.#output?.note];
    const words = [
      this.#input && heard,
      this.#output && sent,
      this.#reader.words(),
      this.#sender.words(),
      this.#mtc.words(),
      ...notes,
    ];
    return words.filter(Boolean).join(' ');
  }

  #url(): string {
    const { mode, portName, input, output } = this.#settings;
    if (mode === 'virtual') return `own port ${portName}`;
    if (input === '' && output === '') return 'no port';
    if (output === '') return input;
    return input === '' ? `→ ${output}` : `${input} → ${output}`;
  }
}
