import type { MidiBridge } from '../../contract/bridges/midi.ts';
import { messageOf } from '../../contract/errors.ts';
import { tryNumber, type Signal } from '../../contract/signal.ts';
import { micros, microsToMillis, type Millis } from '../../contract/units.ts';
import { Refusals } from '../../core/realtime/refusals.ts';
import { ticksPerBeat } from '../../core/timecode/midi-clock-meter.ts';
import { TickTrain } from '../../core/timecode/tick-train.ts';
import { controlTimecode } from '../../core/timecode/timecode-control.ts';
import { TimecodePlayer } from '../../core/timecode/timecode-player.ts';
import type { Clock } from '../../ports/clock.ts';
import { EndedNotes } from './ended-notes.ts';
import { HeldNotes } from './held-notes.ts';
import type { MidiEchoes } from './midi-echoes.ts';
import type { MidiForm } from './midi-form.ts';
import { MidiLine } from './midi-line.ts';
import { encodeMidi, realtimeBytes, type MidiMessage } from './midi-messages.ts';
import { messagesOf } from './midi-output.ts';
import type { OpenMidiOutput } from './midi-ports.ts';
import { unitOf } from './midi-unit.ts';
import { MtcSender } from './mtc-sender.ts';

export interface MidiSenderOptions {
  readonly clock: Clock;
  readonly form: MidiForm;
  readonly settings: MidiBridge['settings'];
  readonly echoes: MidiEchoes;
  /** undefined while it is away */
  readonly port: () => OpenMidiOutput | undefined;
  /** The port did not take what it was given. */
  readonly onLost: (why: string) => void;
}

/** An output that goes is noticed within this, and what it was sent meanwhile got lost. */
const unnoticedMicros = 1_100_000;

const clockByte = Uint8Array.of(realtimeBytes.clock);

/** Sends signals, clock and timecode to the output. */
export class MidiSender {
  readonly #options: MidiSenderOptions;
  readonly #held = new HeldNotes();
  /** notes that ended while the output was away */
  readonly #missed = new HeldNotes();
  readonly #ended = new EndedNotes();
  readonly #line: MidiLine;
  readonly #train: TickTrain;
  readonly #player: TimecodePlayer;
  readonly #mtc: MtcSender;
  readonly refusals: Refusals;
  #bpm: number;
  #outTotal = 0;
  #awayTotal = 0;
  #sentAt: Millis | undefined;

  constructor(options: MidiSenderOptions) {
    const { clock, settings } = options;
    this.#options = options;
    this.refusals = new Refusals(clock);
    this.#bpm = settings.tempo;
    this.#line = new MidiLine({
      clock,
      isPaced: settings.mode === 'device' && settings.pace === 'cable',
      send: ({ messages }) => {
        for (const message of messages) this.#sendMessage(message);
      },
    });
    this.#train = new TickTrain(clock, () => this.#sendAhead(clockByte));
    this.#player = new TimecodePlayer(settings.timecodeRate, settings.freewheelFrames);
    const send = (bytes: Uint8Array): void => this.#sendAhead(bytes);
    this.#mtc = new MtcSender({ clock, rate: settings.timecodeRate, player: this.#player, send });
  }

  get outTotal(): number {
    return this.#outTotal;
  }

  /** what was refused, and what came while the output was away */
  get refusedTotal(): number {
    return this.refusals.total + this.#awayTotal;
  }

  get sentAt(): Millis | undefined {
    return this.#sentAt;
  }

  countUnsent(count: number): void {
    this.#awayTotal += count;
  }

  /** The output is there (again). */
  attached(): void {
    for (const note of this.#missed.takeAll()) this.#line.put(unitOf([endOf(note)], 'event'), false);
    if (this.#options.settings.sendClock && !this.#train.isRunning) this.#train.setPeriod(this.#period());
    // Where it is nowhere yet, receivers are told of no place.
    if (this.#options.settings.sendTimecode && this.#player.isPlaced) {
      this.#mtc.stop();
      this.#mtc.update();
    }
  }

  /** The output went, perhaps a while ago. */
  lost(): void {
    const since = micros(this.#options.clock.nowMicros() - unnoticedMicros);
    for (const ended of this.#ended.takeSince(since)) this.#missed.heard({ ...ended, on: true });
    for (const { messages } of this.#line.takeAll()) this.#miss(messages);
  }

  /** Its timecode goes on from where that of a bridge before it was. */
  resume(places: ReadonlyMap<number, number>): void {
    this.#player.resume(places);
  }

  /** Ends clock and timecode; what waits leaves, and notes that it switched on are let go.
   *  @param places where its timecode is left for a bridge that follows */
  stop(places?: Map<number, number>): void {
    this.#train.stop();
    this.#mtc.stop();
    if (places) this.#player.keep(places, this.#options.clock.nowMicros());
    this.#line.flush();
    for (const note of this.#held.takeAll()) this.#write(encodeMidi(endOf(note)));
  }

  /** Never throws. @param stands it is part of what a device that is back is given */
  apply(signal: Signal, stands: boolean): void {
    const { base } = this.#options.form;
    // Other devices share the prefix.
    if (!signal.address.startsWith(`${base}/`)) return;
    if (signal.kind === 'timeline') return this.#refuse(signal, 'MIDI carries no timelines');
    const path = signal.address.slice(base.length + 1);
    if (this.#controls(path, signal)) return;
    const sending = messagesOf(path, signal, this.#options.form);
    if (typeof sending === 'string') return this.#refuse(signal, sending);
    if (!this.#options.port()) return this.#miss(sending);
    if (!this.#line.put(unitOf(sending, signal.kind), stands))
      this.#refuse(signal, 'too much waits for the MIDI cable');
  }

  /** of clock and timecode, as sentences */
  words(): string {
    const { sendClock, sendTimecode } = this.#options.settings;
    const late = this.#train.lateness();
    const lateMtc = this.#mtc.lateness();
    const { waiting, waitingFor } = this.#line;
    return [
      waiting > 0 &&
        `${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} for the MIDI cable, ${(waitingFor / 1000).toFixed(1)} s.`,
      sendClock && `Clock out ${this.#bpm.toFixed(1)} bpm${late ? `, 99 % within ${late.p99.toFixed(1)} ms` : ''}.`,
      sendTimecode && `Timecode out${lateMtc ? `, 99 % within ${lateMtc.p99.toFixed(1)} ms` : ' stands'}.`,
    ]
      .filter(Boolean)
      .join(' ');
  }

  awayWords(): string {
    return this.#awayTotal === 0 ? '' : ` Not sent meanwhile: ${this.#awayTotal}.`;
  }

  /** Tempo and timecode are kept while the output is away too. */
  #controls(path: string, signal: Signal): boolean {
    const { clock, settings } = this.#options;
    const rate = settings.timecodeRate;
    try {
      if (path === 'tempo') {
        this.#setTempo(signal);
        return true;
      }
      const isTimecode = controlTimecode(this.#player, { path, value: signal.value, rate, at: clock.nowMicros() });
      if (!isTimecode) return false;
      if (!settings.sendTimecode) this.#refuse(signal, 'sending timecode is switched off');
      else this.#mtc.update();
    } catch (cause) {
      this.#refuse(signal, messageOf(cause));
    }
    return true;
  }

  #setTempo(signal: Signal): void {
    const bpm = tryNumber(signal.value);
    if (bpm === undefined || !(bpm >= 20 && bpm <= 400)) return this.#refuse(signal, 'a tempo is 20 to 400 bpm');
    if (!this.#options.settings.sendClock) return this.#refuse(signal, 'sending clock is switched off');
    this.#bpm = bpm;
    if (this.#train.isRunning) this.#train.setPeriod(this.#period());
  }

  #period(): number {
    return 60_000_000 / this.#bpm / ticksPerBeat;
  }

  /** A note that ends meanwhile is let go once the output is there; nothing else is made up for. */
  #miss(messages: readonly MidiMessage[]): void {
    this.countUnsent(1);
    for (const message of messages) {
      if (message.type !== 'note') continue;
      // What sounds at the device is among those held, or among those that ended meanwhile.
      const [from, to] = message.on ? [this.#missed, this.#held] : [this.#held, this.#missed];
      if (!from.has(message)) continue;
      from.heard({ ...message, on: false });
      to.heard({ ...message, on: true });
    }
  }

  /** Clock and timecode are not true later. */
  #sendAhead(bytes: Uint8Array): void {
    if (this.#write(bytes)) this.#line.wentAhead(bytes.length);
  }

  #sendMessage(message: MidiMessage): void {
    // A device in the same thread sends back at once.
    this.#options.echoes.sent(message);
    if (!this.#write(encodeMidi(message))) return this.#miss([message]);
    const now = this.#options.clock.nowMicros();
    if (message.type === 'note') {
      this.#held.heard(message);
      this.#ended.heard(message, now);
    }
    this.#outTotal++;
    this.#sentAt = microsToMillis(now);
  }

  /** @returns whether it left */
  #write(bytes: Uint8Array): boolean {
    const port = this.#options.port();
    if (!port) return false;
    try {
      port.send(bytes);
      return true;
    } catch (cause) {
      this.#options.onLost(`The output did not take a message (${messageOf(cause)}).`);
      return false;
    }
  }

  #refuse({ address }: Signal, why: string): void {
    this.refusals.add(address, why);
  }
}

function endOf({ channel, note }: { readonly channel: number; readonly note: number }): MidiMessage {
  return { type: 'note', channel, note, velocity: 0, on: false };
}
