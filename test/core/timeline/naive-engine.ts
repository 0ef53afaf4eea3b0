import { sameValue, toJson, type Value } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import type { TimelineCommand } from '../../../src-main/core/timeline/timeline-command.ts';
import type { PlayState } from '../../../src-main/core/timeline/timeline-report.ts';
import { lengthOf, type Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { valueAt } from '../../../src-main/core/timeline/value-at.ts';

interface Voice {
  timeline: Timeline;
  state: PlayState;
  startAt: number;
  /** position, length and rate in 64ths: every rate that is used is a whole number of them, so all sums are exact */
  position: bigint;
  readonly length: bigint;
  rate: bigint;
  loop: boolean;
  isDue: boolean;
  written?: Value | undefined;
  told?: PlayState | undefined;
}

/** The engine once more, by the plainest means: it goes from instant to instant and adds up, in whole numbers. Only what
 *  a timeline gives at a position is taken from the code under test; that has tests of its own. */
export class NaiveEngine {
  /** `instant address value accepted` and `instant address state position` */
  readonly log: string[] = [];
  readonly locked = new Set<string>();
  readonly #voices = new Map<string, Voice>();
  readonly #rate: number;
  #now: number;

  constructor(now: number, rate: number) {
    this.#now = now;
    this.#rate = rate;
  }

  put(address: string, timeline: Timeline, autoplay: boolean): void {
    const voice: Voice = {
      timeline,
      state: autoplay ? 'waiting' : 'stopped',
      startAt: timeline.startTime ?? this.#now,
      position: 0n,
      length: BigInt(lengthOf(timeline)) * 64n,
      rate: 64n,
      loop: timeline.loop,
      isDue: true,
    };
    this.#voices.set(address, voice);
    if (voice.state !== 'waiting' || voice.startAt > this.#now) return;
    voice.state = 'playing';
    voice.position = BigInt(this.#now - voice.startAt) * 64n;
    settle(voice);
  }

  command(address: string, command: TimelineCommand): void {
    const voice = this.#voices.get(address);
    if (!voice || isRefused(voice, command)) return;
    if (command.command === 'remove') {
      this.#voices.delete(address);
      this.log.push(`${this.#now} ${address} removed`);
      return;
    }
    obey(voice, command);
    settle(voice);
    voice.isDue = true;
    voice.told = undefined;
    if (['play', 'resume', 'seek'].includes(command.command)) voice.written = undefined;
  }

  advance(to: number): void {
    this.#look();
    for (let next = this.#next(); next <= to; next = this.#next()) {
      this.#move(next);
      this.#look();
    }
    this.#move(to);
  }

  #next(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const voice of this.#voices.values()) {
      if (voice.state === 'waiting') first = Math.min(first, voice.startAt);
      if (voice.state !== 'playing') continue;
      first = Math.min(first, this.#tick());
      const rest = voice.length - voice.position;
      if (!voice.loop) first = Math.min(first, this.#now + Number((rest + voice.rate - 1n) / voice.rate));
    }
    return first;
  }

  #tick(): number {
    const second = Math.floor(this.#now / 1_000_000) * 1_000_000;
    for (let i = 1; ; i++) {
      const tick = second + Math.ceil((i * 1_000_000) / this.#rate);
      if (tick > this.#now) return tick;
    }
  }

  #move(to: number): void {
    const tick = this.#tick();
    for (const voice of this.#voices.values()) {
      if (voice.state === 'waiting' && voice.startAt === to) {
        voice.state = 'playing';
        voice.isDue = true;
      } else if (voice.state === 'playing') {
        voice.position += BigInt(to - this.#now) * voice.rate;
        settle(voice);
        if ((voice.state as PlayState) === 'finished' || to === tick) voice.isDue = true;
      }
    }
    this.#now = to;
  }

  #look(): void {
    for (const [address, voice] of this.#voices) {
      if (!voice.isDue) continue;
      voice.isDue = false;
      settle(voice);
      const at = Number(voice.position / 64n);
      const isSilent = voice.state === 'waiting' || voice.state === 'stopped';
      const value = isSilent ? undefined : valueAt(voice.timeline, micros(at));
      if (value && !(voice.written && sameValue(value, voice.written))) {
        const isAccepted = !this.locked.has(address);
        this.log.push(`${this.#now} ${address} ${String(toJson(value))} ${isAccepted}`);
        voice.written = isAccepted ? value : undefined;
      }
      if (voice.told !== voice.state) this.log.push(`${this.#now} ${address} ${voice.state} ${at}`);
      voice.told = voice.state;
    }
  }
}

function settle(voice: Voice): void {
  if (voice.state !== 'playing') return;
  if (voice.loop) voice.position %= voice.length;
  else if (voice.position >= voice.length) {
    voice.position = voice.length;
    voice.state = 'finished';
  }
}

function isRefused(voice: Voice, command: TimelineCommand): boolean {
  const position = 'position' in command ? BigInt(command.position) * 64n : 0n;
  return position > voice.length || ('loop' in command && command.loop && voice.length === 0n);
}

function obey(voice: Voice, command: TimelineCommand): void {
  const position = 'position' in command ? BigInt(command.position) * 64n : undefined;
  if ('rate' in command) voice.rate = BigInt(command.rate * 64);
  if ('loop' in command) voice.loop = command.loop;
  if (command.command === 'play') {
    if (position !== undefined) voice.position = position;
    else if (voice.state !== 'playing' && voice.state !== 'paused') voice.position = 0n;
    voice.state = 'playing';
  } else if (command.command === 'pause') {
    if (voice.state === 'playing' || voice.state === 'waiting') voice.state = 'paused';
  } else if (command.command === 'resume') {
    if (voice.state === 'paused') voice.state = 'playing';
  } else if (command.command === 'stop') {
    voice.state = 'stopped';
    voice.position = 0n;
  } else if (command.command === 'seek') {
    voice.position = position ?? 0n;
    if (voice.state !== 'playing') voice.state = 'paused';
  }
}
