import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import type { LearnBatch, LearnCandidate } from '../../src-main/contract/live-events.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import { tryNumber } from '../../src-main/contract/signal.ts';
import { SignalTrace } from '../widgets/signal-trace.ts';

/** Candidates that are shown; whoever wants another moves it more. */
export const learnShownMax = 6;
const tracesMax = 256;

/** Listens until stopped or picked. The signals go on to where they were going. */
export class LearnSession {
  /** what is heard for: a mapping's id */
  target = $state<string | undefined>();
  candidates = $state.raw<readonly LearnCandidate[]>([]);
  /** what Enter takes: the most moved, unless the operator chose another */
  chosen = $state<string | undefined>();
  heard = $state(0);
  problem = $state('');
  readonly #traces = new Map<string, SignalTrace>();
  #cancel: Cancel | undefined;
  #held = false;

  get listening(): boolean {
    return this.target !== undefined;
  }

  async start(api: EngineApi, target: string): Promise<void> {
    this.forget();
    this.target = target;
    this.problem = '';
    const cancel = api.on('learn', (batch) => this.#hear(batch));
    this.#cancel = cancel;
    try {
      await api.startLearn();
    } catch (error) {
      // Meanwhile it may listen for another.
      if (this.#cancel !== cancel) return;
      this.forget();
      this.problem = messageOf(error);
    }
  }

  /** Also when nothing was picked. */
  async stop(api: EngineApi): Promise<void> {
    if (!this.listening) return;
    this.forget();
    await api.stopLearn();
  }

  /** ↑ and ↓: from now on this one stays chosen, whatever moves more. */
  step(direction: 1 | -1): void {
    const shown = this.candidates;
    if (shown.length === 0) return;
    const index = shown.findIndex((candidate) => candidate.address === this.chosen);
    this.chosen = shown[(index + direction + shown.length) % shown.length]?.address;
    this.#held = true;
  }

  traceOf(address: string): SignalTrace | undefined {
    return this.#traces.get(address);
  }

  #hear({ candidates, among }: LearnBatch): void {
    for (const candidate of candidates) this.#record(candidate);
    this.heard = among;
    const shown = candidates.slice(0, learnShownMax);
    const kept = this.#held ? candidates.find((candidate) => candidate.address === this.chosen) : undefined;
    this.candidates = kept && !shown.includes(kept) ? [...shown.slice(0, -1), kept] : shown;
    if (!kept) {
      this.#held = false;
      this.chosen = shown[0]?.address;
    }
  }

  #record(candidate: LearnCandidate): void {
    let trace = this.#traces.get(candidate.address);
    if (!trace) {
      if (this.#traces.size >= tracesMax) return;
      trace = new SignalTrace();
      this.#traces.set(candidate.address, trace);
    }
    trace.isEvent = candidate.kind === 'event' || candidate.kind === 'gesture';
    if (trace.size === 0 || trace.timeAt(0) !== candidate.lastAt) {
      trace.push(candidate.lastAt, tryNumber(candidate.value) ?? Number.NaN);
    }
  }

  /** Ends without a word to the engine: it is gone, or was told. */
  forget(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#traces.clear();
    this.target = undefined;
    this.candidates = [];
    this.chosen = undefined;
    this.heard = 0;
    this.#held = false;
  }
}

/** How a candidate behaved, in a word or two. */
export function learnWord(candidate: LearnCandidate, index: number, mostTravel: number): string {
  if (candidate.kind === 'event') return candidate.count === 1 ? 'pressed' : `pressed ${candidate.count} times`;
  if (index === 0 && candidate.travel > 0) return 'likeliest touched';
  if (candidate.travel === 0) return 'sent';
  return candidate.travel < mostTravel * 0.05 ? 'noise?' : 'moved';
}
