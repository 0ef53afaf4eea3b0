import type { LtcBridge as LtcBridgeSettings } from '../../contract/bridges/ltc.ts';
import { UnavailableError, messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import { microsToMillis, millis, type Millis } from '../../contract/units.ts';
import { Refusals } from '../../core/realtime/refusals.ts';
import { controlTimecode } from '../../core/timecode/timecode-control.ts';
import { TimecodePlayer } from '../../core/timecode/timecode-player.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { KeptSound, seldom } from './kept-sound.ts';
import { LtcReader } from './ltc-reader.ts';
import { LtcWriter } from './ltc-writer.ts';
import { pipedSound } from './piped-sound.ts';
import type { SoundInput, SoundOutput, SoundPorts } from './sound-ports.ts';

export interface LtcBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** those of this machine unless a test has others */
  readonly soundPorts?: SoundPorts;
}

/** How soon a sound device that went, or could not be opened, is tried again. */
export const soundRetry = millis(1000);
/** Without a sample for this long something is wrong with the device. */
const silentMax = 2_000_000;

/** Reads timecode from a sound device and plays it on one. It stays up while the device is away.
 *  @see docs/bridges/ltc.md */
export class LtcBridge implements Bridge {
  readonly #settings: LtcBridgeSettings['settings'];
  readonly #base: string;
  readonly #clock: Clock;
  readonly #sound: SoundPorts;
  readonly #refusals: Refusals;
  readonly #reader: LtcReader;
  readonly #player: TimecodePlayer;
  readonly #writer: LtcWriter;
  readonly #input: KeptSound<SoundInput> | undefined;
  readonly #output: KeptSound<SoundOutput> | undefined;
  #host: BridgeHost | undefined;
  #isStarted = false;
  #isStopped = false;
  #opening: Promise<unknown> = Promise.resolve();
  #cancelRetry: Cancel = () => undefined;
  #samplesAt = 0;
  #inTotal = 0;
  #sentAt: Millis | undefined;

  constructor({ settings }: LtcBridgeSettings, needs: LtcBridgeNeeds) {
    const { clock, log } = needs;
    const { sampleRate, rate, volume, direction, freewheelFrames, offsetFrames, inputRate } = settings;
    const sound = needs.soundPorts ?? pipedSound({ clock, sound: settings.sound, channel: settings.inputChannel });
    this.#settings = settings;
    this.#clock = clock;
    this.#sound = sound;
    this.#refusals = new Refusals(clock);
    this.#base = `${settings.prefix.replace(/\/+$/, '')}/${settings.device}`;
    const publish = (batch: readonly Signal[]): void => this.#publish(batch);
    this.#reader = new LtcReader({
      clock,
      base: this.#base,
      publish,
      sampleRate,
      inputRate,
      freewheelFrames,
      offsetFrames,
    });
    this.#player = new TimecodePlayer(rate, freewheelFrames);
    const write = (samples: Float32Array): boolean => this.#write(samples);
    this.#writer = new LtcWriter({ clock, rate, sampleRate, volume, player: this.#player, write });
    const request = { log, sampleRate, cards: () => sound.cards() };
    if (direction !== 'out')
      this.#input = new KeptSound({
        ...{ ...request, device: settings.inputDevice },
        open: (asked) => sound.record(asked, (samples) => this.#receive(samples)),
        onOpen: () => (this.#samplesAt = this.#clock.nowMicros()),
        onEnd: () => undefined,
      });
    if (direction !== 'in')
      this.#output = new KeptSound({
        ...{ ...request, device: settings.outputDevice },
        open: (asked) => sound.play(asked),
        onOpen: () => this.#outputOpen(),
        onEnd: () => this.#writer.stop(),
      });
  }

  async start(host: BridgeHost): Promise<void> {
    this.#host = host;
    this.#player.resume(host.counts);
    await this.#openAll();
    if (this.#isStopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    this.#isStarted = true;
  }

  apply(batch: readonly Signal[]): void {
    for (const signal of batch) this.#take(signal);
  }

  /** A timecode is somewhere else in the next moment: what put it there brings no device to where it should be. */
  isState(): boolean {
    return false;
  }

  async stop(): Promise<void> {
    if (!this.#isStopped && this.#host) this.#player.keep(this.#host.counts, this.#clock.nowMicros());
    this.#isStopped = true;
    this.#cancelRetry();
    this.#reader.stop();
    this.#writer.stop();
    await this.#opening;
    this.#cancelRetry();
    await Promise.all([this.#input?.close(), this.#output?.close()]);
    await this.#sound.close();
  }

  status(): BridgeHealth {
    const { state, reason } = this.#standing();
    const heardAt =
      this.#reader.framesTotal > 0 ? microsToMillis(this.#samplesAt as Parameters<typeof microsToMillis>[0]) : 0;
    const seenAt = Math.max(heardAt, this.#sentAt ?? 0) as Millis;
    return {
      ...{
        state,
        reason: `${reason}${this.#refusals.words()}`,
        url: this.#url(),
        seenAt: seenAt === 0 ? null : seenAt,
      },
      ...{ inTotal: this.#inTotal, outTotal: this.#writer.framesTotal },
      refusedTotal: this.#refusals.total + this.#reader.damagedTotal,
      ...this.#refusals.shown(),
    };
  }

  async #openAll(): Promise<void> {
    const opening = Promise.all([this.#input?.look(), this.#output?.look()]);
    this.#opening = opening;
    await opening;
    if (this.#isStopped) return;
    this.#cancelRetry = this.#clock.after(soundRetry, () => void this.#openAll());
  }

  #outputOpen(): void {
    if (this.#isStopped) return;
    this.#writer.start();
    if (this.#isStarted) this.#host?.returned();
  }

  #receive(samples: Float32Array): void {
    if (this.#isStopped) return;
    this.#samplesAt = this.#clock.nowMicros();
    this.#reader.feed(samples);
  }

  #publish(batch: readonly Signal[]): void {
    this.#inTotal += batch.length;
    this.#host?.publish(batch);
  }

  #write(samples: Float32Array): boolean {
    const hasLeft = this.#output?.current?.write(samples) ?? false;
    if (hasLeft && this.#writer.framesTotal > 0) this.#sentAt = microsToMillis(this.#clock.nowMicros());
    return hasLeft;
  }

  /** Positions are kept while the sound device is away: it plays on from where it should be. */
  #take(signal: Signal): void {
    if (!signal.address.startsWith(`${this.#base}/`)) return;
    if (!this.#output) return this.#refuse(signal, 'it only reads timecode: its direction is in');
    if (signal.kind === 'timeline') return this.#refuse(signal, 'LTC carries no timelines');
    if (!this.#isStarted || this.#isStopped) return this.#refuse(signal, 'it is not up yet');
    const path = signal.address.slice(this.#base.length + 1);
    try {
      const at = this.#clock.nowMicros();
      if (!controlTimecode(this.#player, { path, value: signal.value, rate: this.#settings.rate, at }))
        this.#refuse(signal, 'there is nothing of that address');
    } catch (cause) {
      this.#refuse(signal, messageOf(cause));
    }
  }

  #refuse({ address }: Signal, why: string): void {
    this.#refusals.add(address, why);
  }

  get #isSeldom(): boolean {
    return [this.#input, this.#output].every((each) => !each || each.current !== undefined || each.isSeldom);
  }

  #standing(): Pick<BridgeHealth, 'state' | 'reason'> {
    const away = [this.#input?.trouble, this.#output?.trouble].filter((each) => each !== undefined);
    if (away.length > 0) {
      const works = this.#input?.current !== undefined || this.#output?.current !== undefined;
      const state = works && (!this.#output || this.#output.current) ? 'trouble' : 'broken';
      return {
        state,
        reason: `${[...new Set(away)].join(' ')} Flyrail tries again every ${this.#isSeldom ? `${seldom} s, and when a sound card is plugged in` : 'second'}.`,
      };
    }
    if (this.#input && this.#clock.nowMicros() - this.#samplesAt > silentMax)
      return { state: 'late', reason: 'The sound device gives no sound.' };
    const heard = this.#reader.words() || 'Listening; no timecode yet.';
    return {
      state: 'connected',
      reason: [this.#input && heard, this.#output && this.#outWords()].filter(Boolean).join(' '),
    };
  }

  #outWords(): string {
    const leftOut = this.#writer.leftOutTotal > 0 ? ` The device was too slow ${this.#writer.leftOutTotal} times.` : '';
    const { isRunning } = this.#player.now(this.#clock.nowMicros());
    return `Timecode out ${isRunning ? 'runs' : 'stands'}.${leftOut}`;
  }

  #url(): string {
    const { inputDevice, outputDevice } = this.#settings;
    const names = [
      this.#input && (inputDevice || 'default sound input'),
      this.#output && `→ ${outputDevice || 'default sound output'}`,
    ];
    return names.filter(Boolean).join(' ');
  }
}
