import { mount, unmount, type Component } from 'svelte';
import { EngineState } from '../../src-renderer/engine/engine-state.svelte.ts';
import { setEngine } from '../../src-renderer/engine/context.ts';
import { Navigation, setNavigation } from '../../src-renderer/engine/navigation.svelte.ts';
import type { PageClock } from '../../src-renderer/engine/page-clock.ts';
import { ActionList, setActions } from '../../src-renderer/widgets/actions.svelte.ts';
import { MessageBoard, setMessages } from '../../src-renderer/widgets/messages.svelte.ts';
import type { FakeEngine } from './fake-engine.ts';

/** What an area finds around it on the page. */
export interface PageHost {
  readonly state: EngineState;
  readonly actions: ActionList;
  readonly messages: MessageBoard;
  readonly navigation: Navigation;
}

/** Time that moves only when a test says so. */
export class TurnedClock implements PageClock {
  #now: number;
  #timers: { due: number; every: number | undefined; run: () => void }[] = [];

  constructor(startMs = 1_795_295_647_000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ due: this.#now + delayMs, every: undefined, run });
  }

  every(intervalMs: number, run: () => void): () => void {
    return this.#add({ due: this.#now + intervalMs, every: intervalMs, run });
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.every === undefined) this.#timers = this.#timers.filter((timer) => timer !== next);
      else next.due += next.every;
      next.run();
    }
    this.#now = end;
  }

  #add(timer: { due: number; every: number | undefined; run: () => void }): () => void {
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
}

/** A state that follows the fake engine, ready to be read. */
export async function attachedState(engine: FakeEngine, clock: PageClock = new TurnedClock()): Promise<EngineState> {
  const state = new EngineState(clock);
  await state.attach(engine);
  return state;
}

/** Mounts a component with everything an area finds around it; the cancel takes it off again. */
export function mountArea<P extends Record<string, unknown>>(
  component: Component<P>,
  props: P,
  options: { state: EngineState; target?: HTMLElement },
): { host: PageHost; target: HTMLElement; unmount: () => Promise<void> } {
  const target = options.target ?? document.body.appendChild(document.createElement('div'));
  const host: PageHost = {
    state: options.state,
    actions: new ActionList(),
    messages: new MessageBoard(),
    navigation: new Navigation(),
  };
  const mounted = mount(
    (anchor: Parameters<Component<P>>[0], given: P) => {
      setEngine(host.state);
      setActions(host.actions);
      setMessages(host.messages);
      setNavigation(host.navigation);
      return component(anchor, given);
    },
    { target, props },
  );
  return {
    host,
    target,
    unmount: async () => {
      await unmount(mounted);
      target.remove();
    },
  };
}
