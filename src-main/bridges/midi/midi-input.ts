import type { Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { bool, f64, integer, text, type Signal, type Value } from '../../contract/signal.ts';
import { micros, type Micros } from '../../contract/units.ts';
import { clockGapMax, MidiClockMeter, ticksPerBeat } from '../../core/timecode/midi-clock-meter.ts';
import type { Clock } from '../../ports/clock.ts';
import { FineControls } from './fine-controls.ts';
import { HeldNotes } from './held-notes.ts';
import { valueOut, type MidiForm } from './midi-form.ts';
import type { ChannelMessage, MidiMessage } from './midi-messages.ts';
import { MidiParser } from './midi-parser.ts';
import { SensingWatch } from './sensing-watch.ts';

export interface MidiInputOptions {
  readonly clock: Clock;
  readonly form: MidiForm;
  readonly fineControllers: readonly number[];
  readonly numbered: boolean;
  readonly clockTicks: boolean;
  readonly publish: (batch: readonly Signal[]) => void;
  /** whether a message is a copy of what the device was sent */
  readonly isEcho: (message: MidiMessage) => boolean;
  /** takes what belongs to timecode; false for what does not */
  readonly timecode: (message: MidiMessage) => boolean;
}

/** Clocks are told this often at most, in beats: tempo and jitter are figures to look at. */
const figuresEvery = ticksPerBeat;

/** Turns the bytes of an input into signals.
 *  @see docs/bridges/midi.md */
export class MidiInput {
  readonly #options: MidiInputOptions;
  readonly #parser: MidiParser;
  readonly #fine: FineControls;
  readonly #held = new HeldNotes();
  readonly #meter = new MidiClockMeter();
  readonly #sensing: SensingWatch;
  #ticks = 0;
  #tickAt: Micros = micros(0);
  #isTempoTold = false;
  #cancelWatch: Cancel | undefined;
  #messages = 0;

  constructor(options: MidiInputOptions) {
    this.#options = options;
    this.#parser = new MidiParser((message) => this.#message(message));
    this.#sensing = new SensingWatch(options.clock, () => this.#release(this.#held.takeAll()));
    this.#fine = new FineControls({
      clock: options.clock,
      fine: options.fineControllers,
      numbered: options.numbered,
      onValue: ({ kind, channel, number, value }) =>
        this.#param(`${this.#channel(channel)}/${kind}/${number}`, valueOut(value, 16_383, options.form)),
    });
  }

  /** messages that were understood, clocks and quarter frames too */
  get messagesTotal(): number {
    return this.#messages;
  }

  /** whether the device promised to be heard all the time, and is not */
  get isSilent(): boolean {
    return this.#sensing.isSilent;
  }

  /** of its bytes what could not be */
  get droppedTotal(): number {
    return this.#parser.droppedTotal;
  }

  /** of the clock that comes in, as a sentence; empty without */
  words(): string {
    const bpm = this.#bpm;
    const jitter = this.#meter.jitter();
    const even = jitter ? `, jitter ${jitter.p50.toFixed(1)} ms, 99 % within ${jitter.p99.toFixed(1)} ms` : '';
    return bpm === undefined ? '' : `Clock in ${bpm.toFixed(1)} bpm${even}.`;
  }

  /** beats a minute, while clock comes */
  get #bpm(): number | undefined {
    return this.#meter.bpm(this.#options.clock.nowMicros());
  }

  feed(bytes: Uint8Array): void {
    this.#parser.feed(bytes);
  }

  /** The port went: notes that are down are let go, and half a message is forgotten. */
  lose(): void {
    this.#parser.reset();
    this.#clockStopped();
    this.#sensing.stop();
    this.#letGo();
  }

  /** Nothing is held, or half there, any more. */
  #letGo(): void {
    this.#fine.clear();
    this.#release(this.#held.takeAll());
  }

  #message(message: MidiMessage): void {
    this.#messages++;
    this.#sensing.heard(message.type === 'active-sensing');
    if (this.#options.isEcho(message) || this.#options.timecode(message)) return;
    switch (message.type) {
      case 'sysex':
        return this.#event('sysex', { type: 'bytes', value: message.bytes });
      case 'clock':
        return this.#tick();
      case 'start':
      case 'continue':
      case 'stop':
        if (message.type === 'start') this.#meter.restart();
        return this.#event('transport', text(message.type));
      case 'song-position':
        this.#meter.restart((message.sixteenths * ticksPerBeat) / 4);
        return this.#param('song/position', integer(message.sixteenths));
      case 'song-select':
        return this.#param('song/select', integer(message.song));
      case 'tune-request':
        return this.#event('tune', bool(true));
      case 'reset':
        this.#letGo();
        this.#meter.restart();
        return this.#event('reset', bool(true));
      case 'active-sensing':
      case 'quarter-frame':
        return undefined;
      default:
        return this.#ofChannel(message);
    }
  }

  #ofChannel(message: ChannelMessage): void {
    const at = this.#channel(message.channel);
    const { form } = this.#options;
    switch (message.type) {
      case 'note':
        this.#held.heard(message);
        return this.#note(message);
      case 'note-pressure':
        return this.#param(`${at}/pressure/${message.note}`, valueOut(message.pressure, 127, form));
      case 'control':
        if (message.controller === 120 || message.controller >= 123)
          this.#release(this.#held.takeChannel(message.channel));
        if (this.#fine.take(message.channel, message.controller, message.value)) return undefined;
        return this.#param(`${at}/cc/${message.controller}`, valueOut(message.value, 127, form));
      case 'program':
        this.#event(`${at}/program`, integer(message.program));
        return this.#param(`${at}/program/current`, integer(message.program));
      case 'pressure':
        return this.#param(`${at}/pressure`, valueOut(message.pressure, 127, form));
      case 'bend':
        return this.#param(`${at}/bend`, valueOut(message.value, message.value < 0 ? 8192 : 8191, form));
      default:
        return message satisfies never;
    }
  }

  #note({ channel, note, velocity, on }: Extract<ChannelMessage, { type: 'note' }>): void {
    this.#event(`${this.#channel(channel)}/note`, {
      type: 'map',
      value: [
        ['note', integer(note)],
        ['velocity', valueOut(velocity, 127, this.#options.form)],
        ['on', bool(on)],
      ],
    });
  }

  #release(notes: readonly { channel: number; note: number }[]): void {
    for (const { channel, note } of notes) this.#note({ type: 'note', channel, note, velocity: 0, on: false });
  }

  #tick(): void {
    this.#tickAt = this.#options.clock.nowMicros();
    const beat = this.#meter.tick(this.#tickAt);
    if (!this.#cancelWatch) this.#watchClock();
    if (this.#options.clockTicks) this.#event('clock', bool(true));
    if (beat !== undefined) this.#event('beat', integer(beat));
    if (this.#ticks++ % figuresEvery !== figuresEvery - 1) return;
    const bpm = this.#bpm;
    const jitter = bpm === undefined ? undefined : this.#meter.jitter();
    if (bpm !== undefined) this.#param('clock/bpm', f64(Math.round(bpm * 100) / 100));
    this.#isTempoTold ||= bpm !== undefined;
    if (jitter) this.#param('clock/jitter', f64(Math.round(jitter.p99 * 1000) / 1000));
  }

  #watchClock(): void {
    const { clock } = this.#options;
    this.#cancelWatch = clock.at(micros(this.#tickAt + clockGapMax + 1), () => {
      if (clock.nowMicros() - this.#tickAt > clockGapMax) this.#clockStopped();
      else this.#watchClock();
    });
  }

  #clockStopped(): void {
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    if (this.#isTempoTold) this.#param('clock/bpm', f64(0));
    this.#isTempoTold = false;
  }

  #channel(channel: number): string {
    return `ch/${channel + this.#options.form.firstChannel}`;
  }

  #param(path: string, value: Value): void {
    this.#publish({ kind: 'param', address: this.#address(path), value });
  }

  #event(path: string, value: Value): void {
    this.#publish({ kind: 'event', address: this.#address(path), value });
  }

  #address(path: string): Address {
    return `${this.#options.form.base}/${path}` as Address;
  }

  #publish(signal: Signal): void {
    this.#options.publish([signal]);
  }
}
