import type { LiveBatch, LiveMapping } from '../../contract/live-events.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Mapping } from '../../contract/show.ts';
import { microsToMillis, millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { createPacer, type Pacer } from './pacer.ts';

/** One display frame. */
const frame = millis(1000 / 60);

/** Remembers the newest value at both ends of every mapping and tells each client what moved, once a frame. */
export interface LiveFeed {
  report(live: LiveMapping): void;
  /** Forgets mappings that are gone or lead elsewhere now: an old address's value must not stand at a new one. */
  keep(mappings: readonly Mapping[]): void;
  newest(): readonly LiveMapping[];
  follow(send: (batch: LiveBatch) => unknown): Cancel;
}

interface Follower {
  readonly waiting: Map<string, LiveMapping>;
  readonly pacer: Pacer;
}

export function createLiveFeed(clock: Clock): LiveFeed {
  const newest = new Map<string, LiveMapping>();
  const followers = new Set<Follower>();
  /** where each mapping leads, by its id */
  let ways: ReadonlyMap<string, string> = new Map();
  return {
    report: (live) => {
      newest.set(live.mappingId, live);
      for (const { waiting, pacer } of followers) {
        const before = waiting.get(live.mappingId);
        waiting.set(live.mappingId, before ? { ...live, count: before.count + live.count } : live);
        pacer.poke();
      }
    },
    keep: (mappings) => {
      const before = ways;
      ways = new Map(mappings.map(({ id, source, target }) => [id, `${source.pattern} ${target.address}`]));
      const isKept = (id: string): boolean => ways.has(id) && before.get(id) === ways.get(id);
      for (const values of [newest, ...[...followers].map(({ waiting }) => waiting)]) {
        for (const id of values.keys()) if (!isKept(id)) values.delete(id);
      }
    },
    newest: () => [...newest.values()],
    follow: (send) => {
      const waiting = new Map<string, LiveMapping>();
      const take = (): LiveBatch | undefined => {
        if (waiting.size === 0) return undefined;
        const mappings = [...waiting.values()];
        waiting.clear();
        return { at: microsToMillis(clock.nowMicros()), mappings };
      };
      const follower = { waiting, pacer: createPacer({ clock, interval: frame, take, send }) };
      followers.add(follower);
      return () => {
        followers.delete(follower);
        follower.pacer.stop();
      };
    },
  };
}
