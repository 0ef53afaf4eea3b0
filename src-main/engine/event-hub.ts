import type { EngineEvents, EventName } from '../contract/engine-api.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Log } from '../ports/log.ts';

type Listener<E extends EventName> = (payload: EngineEvents[E]) => unknown;

/** Where the parts of the engine say what happened, once, for every client and for the command line. */
export interface EventHub {
  /** Never throws. */
  emit<E extends EventName>(event: E, payload: EngineEvents[E]): void;
  on<E extends EventName>(event: E, run: Listener<E>): Cancel;
}

/** Listeners run in the order they came, inside `emit`. One that fails is logged and stops neither the others nor the
 *  part that told. What a listener tells waits until all have heard the event before, so that all hear one order. */
export function createEventHub(log: Pick<Log, 'error'>): EventHub {
  const listeners = new Map<EventName, Set<Listener<never>>>();
  const waiting: (() => void)[] = [];
  let telling = false;
  return {
    emit: (event, payload) => {
      waiting.push(() => {
        tell(event, payload);
      });
      if (telling) return;
      telling = true;
      for (let next = waiting.shift(); next; next = waiting.shift()) next();
      telling = false;
    },
    on: (event, run) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(run));
      return () => set.delete(run);
    },
  };

  function tell<E extends EventName>(event: E, payload: EngineEvents[E]): void {
    const set = listeners.get(event) ?? new Set();
    for (const run of [...set]) {
      if (!set.has(run)) continue;
      const failed = (error: unknown): void => {
        log.error('a listener failed', { event, error });
      };
      try {
        const outcome = run(payload as never);
        if (outcome instanceof Promise) outcome.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}
