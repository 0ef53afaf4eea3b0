import type { Value } from '../../contract/signal.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { PlayerCommand } from './timeline-command.ts';
import type { PlayState, TimelineStatus } from './timeline-report.ts';
import { badTimeline, checkLoop, lengthOf, timelineLimits, type Timeline } from './timeline.ts';
import { valueAt } from './value-at.ts';

export const playRateMin = 0.01;
export const playRateMax = 100;

/** Where the play head is: moving since `at` from `position`, both of which may have fractions after a change of rate; or at
 *  rest. `at` in the future is a start to come. */
type Head =
  | { readonly moving: true; readonly at: Micros; readonly position: number }
  | { readonly moving: false; readonly state: 'paused' | 'stopped' | 'finished'; readonly position: number };

export interface PlayerReading {
  readonly state: PlayState;
  /** from the start, in whole microseconds */
  readonly position: Micros;
  /** what its address is to have; undefined while it waits or is stopped: then it sets nothing */
  readonly value: Value | undefined;
}

/** One timeline under the show clock. Every position comes from the last change and the time since, none from the reading
 *  before: nothing drifts, however often or seldom it is read. Times given to it never go backwards. */
export class TimelinePlayer {
  readonly #timeline: Timeline;
  readonly #length: Micros;
  #loop: boolean;
  #rate = 1;
  #head: Head;

  /** With a start time it begins then, or is in the middle if that has passed; without, now.
   *  @param timeline that has passed `checkTimeline`
   *  @param autoplay false: it is stopped until it is told to play */
  constructor(timeline: Timeline, now: Micros, autoplay = true) {
    this.#timeline = timeline;
    this.#length = lengthOf(timeline);
    this.#loop = timeline.loop;
    this.#head = autoplay
      ? { moving: true, at: timeline.startTime ?? now, position: 0 }
      : { moving: false, state: 'stopped', position: 0 };
  }

  /** Goes on by itself from what a report told.
   *  @throws InputError 'bad-timeline' when rate, position, loop or time are out of range */
  static from(timeline: Timeline, { state, position, rate, loop, at }: TimelineStatus): TimelinePlayer {
    const player = new TimelinePlayer(timeline, at);
    player.#check({ position, rate, loop });
    if (!(at >= 0 && at <= timelineLimits.startTime)) {
      throw badTimeline('at', `0 to ${timelineLimits.startTime} microseconds`, at);
    }
    player.#rate = rate;
    player.#loop = loop;
    player.#head =
      state === 'playing' || state === 'waiting' ? { moving: true, at, position } : { moving: false, state, position };
    return player;
  }

  /** With the loop as it is now. */
  get timeline(): Timeline {
    return this.#loop === this.#timeline.loop ? this.#timeline : { ...this.#timeline, loop: this.#loop };
  }

  at(now: Micros): PlayerReading {
    const state = this.#stateAt(now);
    const position = micros(this.#positionAt(now));
    const isSilent = state === 'waiting' || state === 'stopped';
    return { state, position, value: isSilent ? undefined : valueAt(this.#timeline, position) };
  }

  status(now: Micros): TimelineStatus {
    const state = this.#stateAt(now);
    const at = this.#head.moving && state === 'waiting' ? this.#head.at : now;
    return { state, position: micros(this.#positionAt(now)), rate: this.#rate, loop: this.#loop, at };
  }

  /** When its state changes by itself: it starts or ends. Undefined when that needs a command. */
  nextChange(now: Micros): Micros | undefined {
    if (!this.#head.moving) return undefined;
    if (now < this.#head.at) return this.#head.at;
    const end = this.#endsAt();
    return end !== undefined && now < end ? end : undefined;
  }

  /** @throws InputError 'bad-timeline' with `details.place` position, rate or loop; then nothing changed */
  apply(command: PlayerCommand, now: Micros): void {
    this.#check(command);
    this.#settle(now);
    switch (command.command) {
      case 'play':
        return this.#play(command, now);
      case 'pause':
        if (this.#head.moving) this.#rest('paused', this.#positionAt(now));
        return;
      case 'resume':
        if (this.#stateAt(now) === 'paused') this.#move(now, this.#head.position);
        return;
      case 'stop':
        return this.#rest('stopped', 0);
      case 'seek':
        if (this.#stateAt(now) === 'playing') this.#move(now, command.position);
        else this.#rest('paused', command.position);
        return;
      case 'rate':
        return this.#setRate(command.rate, now);
      case 'loop':
        return this.#setLoop(command.loop, now);
      default:
        command satisfies never;
    }
  }

  #play({ position, rate, loop }: Extract<PlayerCommand, { command: 'play' }>, now: Micros): void {
    if (rate !== undefined) this.#setRate(rate, now);
    if (loop !== undefined) this.#setLoop(loop, now);
    const state = this.#stateAt(now);
    if (position !== undefined) this.#move(now, position);
    else if (state !== 'playing') this.#move(now, state === 'paused' ? this.#head.position : 0);
  }

  #setRate(rate: number, now: Micros): void {
    if (this.#stateAt(now) === 'playing') this.#move(now, this.#positionAt(now));
    this.#rate = rate;
  }

  /** What plays stays where it is in its round: that round becomes the last one, or the first of many. */
  #setLoop(loop: boolean, now: Micros): void {
    if (this.#stateAt(now) === 'playing') this.#move(now, this.#positionAt(now));
    this.#loop = loop;
  }

  #move(at: Micros, position: number): void {
    this.#head = { moving: true, at, position };
  }

  #rest(state: 'paused' | 'stopped' | 'finished', position: number): void {
    this.#head = { moving: false, state, position };
  }

  /** An end that has passed is one for good: a later rate or loop must not bring it back to life. */
  #settle(now: Micros): void {
    if (this.#head.moving && this.#stateAt(now) === 'finished') this.#rest('finished', this.#length);
  }

  #stateAt(now: Micros): PlayState {
    if (!this.#head.moving) return this.#head.state;
    if (now < this.#head.at) return 'waiting';
    const end = this.#endsAt();
    return end !== undefined && now >= end ? 'finished' : 'playing';
  }

  #positionAt(now: Micros): number {
    const { moving, position } = this.#head;
    if (!moving || now < this.#head.at) return position;
    const end = this.#endsAt();
    if (end !== undefined && now >= end) return this.#length;
    const gone = position + (now - this.#head.at) * this.#rate;
    return this.#loop ? gone % this.#length : Math.min(gone, this.#length);
  }

  #endsAt(): Micros | undefined {
    if (!this.#head.moving || this.#loop) return undefined;
    return micros(this.#head.at + Math.ceil((this.#length - this.#head.position) / this.#rate));
  }

  #check(asked: PlayerCommand | Pick<TimelineStatus, 'position' | 'rate' | 'loop'>): void {
    if ('position' in asked && !(asked.position >= 0 && asked.position <= this.#length)) {
      throw badTimeline('position', `0 to ${this.#length} microseconds, its length`, asked.position);
    }
    if ('rate' in asked && !(asked.rate >= playRateMin && asked.rate <= playRateMax)) {
      throw badTimeline('rate', `${playRateMin} to ${playRateMax}; nothing is played backwards`, asked.rate);
    }
    if ('loop' in asked) checkLoop(this.#timeline, asked.loop);
  }
}
