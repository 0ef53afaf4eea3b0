import { untrack } from 'svelte';
import type { DeviceState } from '../../src-main/contract/device.ts';
import type { MonitorEntry } from '../../src-main/contract/live-events.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { MonitorFeed } from './monitor-feed.svelte.ts';
import type { NextFrame } from './next-frame.ts';
import { RateHistory, type RateFlag } from './rate-history.svelte.ts';
import { dependOn } from '../widgets/depend-on.ts';

const flagWords = {
  broken: { word: 'broken', tone: 'fault' },
  late: { word: 'late', tone: 'next' },
  trouble: { word: 'wants a look', tone: 'next' },
  connected: { word: 'back', tone: 'plain' },
} as const satisfies Partial<Record<DeviceState, { word: string; tone: RateFlag['tone'] }>>;

/** What the monitor knows for as long as the page lives: the traffic while somebody looks at it, and the rates always. */
export class MonitorState {
  readonly feed: MonitorFeed;
  readonly history = new RateHistory();
  /** the entry whose story the inspector tells; it outlives the picture it was chosen from */
  selected = $state.raw<MonitorEntry | undefined>();
  #lookers = $state(0);
  readonly #engine: EngineState;
  #states: Readonly<Record<string, DeviceState>> = {};

  constructor(engine: EngineState, nextFrame: NextFrame) {
    this.#engine = engine;
    this.feed = new MonitorFeed(nextFrame);
  }

  /** Follows the engine for as long as the page lives. */
  follow(): Cancel {
    return $effect.root(() => {
      $effect(() => {
        if (this.#lookers > 0 && this.#engine.connection === 'ready') return this.feed.watch(this.#engine.api);
        return undefined;
      });
      $effect(() => {
        const { stats } = this.#engine;
        if (stats) untrack(() => this.history.add(stats.at, stats.messagesPerSecond, stats.dropped + stats.refused));
      });
      $effect(() => {
        dependOn(this.#engine.devices);
        untrack(() => this.#noteDevices());
      });
    });
  }

  /** Forgets the lines, and the one that was chosen among them. */
  clear(): void {
    this.feed.clear();
    this.selected = undefined;
  }

  /** Somebody looks at the lines: the engine sends them until everybody looked away. */
  look(): Cancel {
    untrack(() => this.#lookers++);
    return () => {
      untrack(() => this.#lookers--);
    };
  }

  /** Flags what changed for the worse, and what came back. */
  #noteDevices(): void {
    const before = this.#states;
    this.#states = Object.fromEntries(this.#engine.devices.map((device) => [device.bridgeId, device.state]));
    const at = this.#engine.stats?.at;
    if (at === undefined) return;
    for (const [id, state] of Object.entries(this.#states)) {
      const was = before[id];
      const flag = flagOf(was, state);
      const name = this.#engine.document.bridges.find((bridge) => bridge.id === id)?.name;
      if (flag && name !== undefined) this.history.flag({ at, text: `${name} ${flag.word}`, tone: flag.tone });
    }
  }
}

function flagOf(
  was: DeviceState | undefined,
  state: DeviceState,
): { word: string; tone: RateFlag['tone'] } | undefined {
  if (was === undefined || was === state) return undefined;
  if (state === 'broken' || state === 'late' || state === 'trouble') return flagWords[state];
  return state === 'connected' && was !== 'connecting' && was !== 'off' ? flagWords.connected : undefined;
}
