import { messageOf, type AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros } from '../../contract/units.ts';
import type { ClaspClient, ClaspClientOptions } from './client-api.ts';
import { createRequests } from './client-requests.ts';
import { ClientSession } from './client-session.ts';
import type { ClientState } from './connector.ts';
import { replay } from './replay.ts';

/** @see CLASP-WIRE §3, §7, §9; request ids and resume are Flyrail's own */
export function createClaspClient(options: ClaspClientOptions): ClaspClient {
  const { clock, log } = options;
  const stateListeners = new Set<(state: ClientState) => void>();
  const noticeListeners = new Set<(error: AppError) => void>();
  const session = new ClientSession({
    ...options,
    onState: (state) => tell(stateListeners, state),
    onNotice: (error) => tell(noticeListeners, error),
  });

  function tell<T>(listeners: ReadonlySet<(what: T) => void>, what: T): void {
    for (const run of [...listeners]) {
      try {
        run(what);
      } catch (error) {
        log.error('listener failed', { reason: messageOf(error), cause: error });
      }
    }
  }

  return {
    ...createRequests(session, options.random),
    state: () => session.connector.state,
    onState: (run) => listen(stateListeners, run),
    connect: () => session.connector.start(),
    close: (reason = 'closed by the client') => session.close(reason),
    subscribe: (pattern, run, request = {}) => session.subscribe(pattern, run, request),
    replay: (pattern, request) => replay(session.pages, pattern, request),
    onNotice: (run) => listen(noticeListeners, run),
    sync: () => session.clockSync.ask(),
    clockEstimate: () => session.clockSync.estimate(),
    serverNow: () => {
      const estimate = session.clockSync.estimate();
      return estimate && micros(clock.nowMicros() + estimate.offset);
    },
    stats: () => session.stats(),
  };
}

function listen<T>(listeners: Set<(what: T) => void>, run: (what: T) => void): Cancel {
  // Wrapped, so that the same function can listen twice.
  const listener = (what: T): void => run(what);
  listeners.add(listener);
  return () => listeners.delete(listener);
}
