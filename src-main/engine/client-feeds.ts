import type { EngineEvents, EventName, ShowState } from '../contract/engine-api.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { EventHub } from './event-hub.ts';
import type { LiveFeed } from './feeds/live-feed.ts';

interface FeedSources {
  readonly hub: Pick<EventHub, 'on'>;
  readonly live: Pick<LiveFeed, 'follow'>;
}

type Subscribers = { readonly [E in EventName]: (run: (payload: EngineEvents[E]) => unknown) => Cancel };
type AskedEvent = 'learn' | 'monitor' | 'traffic' | 'universe';

/** A client's listeners, and the live feeds it asked for; after `close` there are none and none begin. */
export function createClientFeeds({ hub, live }: FeedSources, seen: (state: ShowState) => ShowState) {
  const asked: { [E in AskedEvent]?: (payload: EngineEvents[E]) => unknown } = {};
  const running = new Map<AskedEvent, Cancel>();
  const cancels = new Set<Cancel>();
  let closed = false;
  const subscribers: Subscribers = {
    ...hubSubscribers({ hub, live }, seen),
    monitor: (run) => listen('monitor', run),
    traffic: (run) => listen('traffic', run),
    learn: (run) => listen('learn', run),
    universe: (run) => listen('universe', run),
  };
  return { start, stop, on, close };

  function on<E extends EventName>(event: E, run: (payload: EngineEvents[E]) => unknown): Cancel {
    if (closed) return () => undefined;
    const cancel = subscribers[event](run);
    cancels.add(cancel);
    return () => {
      cancels.delete(cancel);
      cancel();
    };
  }

  function listen<E extends AskedEvent>(event: E, run: (payload: EngineEvents[E]) => unknown): Cancel {
    Object.assign(asked, { [event]: run });
    return () => {
      Object.assign(asked, { [event]: undefined });
    };
  }

  function start<E extends AskedEvent>(
    event: E,
    follow: (send: (payload: EngineEvents[E]) => unknown) => Cancel,
  ): void {
    stop(event);
    if (closed) return;
    const cancel = follow((payload) => asked[event]?.(payload));
    running.set(event, cancel);
  }

  function stop(event: AskedEvent): void {
    running.get(event)?.();
    running.delete(event);
  }

  function close(): void {
    closed = true;
    for (const event of [...running.keys()]) stop(event);
    for (const cancel of cancels) cancel();
    cancels.clear();
  }
}

/** Leaves out what comes while the receiver has not taken the one before. */
function newestOnly<T>(send: (payload: T) => unknown): (payload: T) => Promise<void> {
  let busy = false;
  return async (payload) => {
    if (busy) return;
    busy = true;
    try {
      await send(payload);
    } finally {
      busy = false;
    }
  };
}

function hubSubscribers(
  { hub, live }: FeedSources,
  seen: (state: ShowState) => ShowState,
): Omit<Subscribers, AskedEvent> {
  return {
    edited: (run) => hub.on('edited', (edited) => run({ ...edited, show: seen(edited.show) })),
    document: (run) => hub.on('document', (laid) => run({ ...laid, show: seen(laid.show) })),
    show: (run) => hub.on('show', (show) => run(seen(show))),
    devices: (run) => hub.on('devices', run),
    problems: (run) => hub.on('problems', run),
    access: (run) => hub.on('access', run),
    remote: (run) => hub.on('remote', run),
    doors: (run) => hub.on('doors', run),
    accessRules: (run) => hub.on('accessRules', run),
    tokens: (run) => hub.on('tokens', run),
    found: (run) => hub.on('found', run),
    stopping: (run) => hub.on('stopping', run),
    live: (run) => live.follow(run),
    stats: (run) => hub.on('stats', newestOnly(run)),
  };
}
