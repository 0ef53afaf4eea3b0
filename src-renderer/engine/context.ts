import { createContext } from 'svelte';
import type { EngineState } from './engine-state.svelte.ts';

/** The one EngineState of the page. */
export const [getEngine, setEngine] = createContext<EngineState>();
