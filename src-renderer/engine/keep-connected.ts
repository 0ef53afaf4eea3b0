import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel, MessageLink } from '../../src-main/contract/message-link.ts';
import type { EngineState } from './engine-state.svelte.ts';
import { LinkRefused, type LinkSource } from './link-source.ts';
import type { PageClock } from './page-clock.ts';

const firstRetryMs = 250;
const lastRetryMs = 2000;

export interface KeepConnectedOptions {
  readonly source: LinkSource;
  readonly connect: (link: MessageLink) => EngineApi;
  readonly state: EngineState;
  readonly clock: PageClock;
}

/** Opens a link, follows the engine behind it, and starts again when it closes, for as long as the page lives. The wait
 *  doubles from 0.25 s to 2 s and begins anew after a link that worked. A page that was refused, or waits, tries at once
 *  when it is given a fresh way in. */
export function keepConnected({ source, connect, state, clock }: KeepConnectedOptions): Cancel {
  let stopped = false;
  let delayMs = firstRetryMs;
  /** counts attempts, so that an earlier link's end does not trouble a later one */
  let turn = 0;
  let cancelWait: Cancel = () => undefined;
  void attempt();
  const cancelFreshWay = source.onFreshWay?.(startAnew);
  return () => {
    stopped = true;
    cancelWait();
    cancelFreshWay?.();
  };

  function startAnew(): boolean {
    if (state.connection === 'ready') return false;
    cancelWait();
    delayMs = firstRetryMs;
    if (state.connection === 'refused') state.connection = 'opening';
    state.connectionReason = '';
    void attempt();
    return true;
  }

  async function attempt(): Promise<void> {
    const mine = ++turn;
    let link: MessageLink | undefined;
    try {
      link = await source.open();
      if (stopped || mine !== turn) {
        link.close();
        return;
      }
      link.onClose(() => lose(mine, 'The engine does not answer.'));
      await state.attach(connect(link));
      delayMs = firstRetryMs;
    } catch (error) {
      if (error instanceof LinkRefused) refuse(mine, error);
      else lose(mine, messageOf(error));
      link?.close();
    }
  }

  function refuse(which: number, error: LinkRefused): void {
    if (stopped || which !== turn) return;
    turn++;
    state.connection = 'refused';
    state.connectionReason = error.message;
  }

  function lose(which: number, reason: string): void {
    if (stopped || which !== turn) return;
    turn++;
    if (state.connection === 'ready') state.connection = 'lost';
    state.connectionReason = reason;
    state.detach();
    cancelWait = clock.after(delayMs, () => void attempt());
    delayMs = Math.min(delayMs * 2, lastRetryMs);
  }
}
