import { createContext } from 'svelte';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { SignalTrace } from './signal-trace.ts';
import type { WireMode, WireShape } from './wire-drawing.ts';

/** One wire on the page: where it lies, and what to draw there. Asked at every frame. */
export interface WirePlace {
  readonly element: HTMLElement;
  read(): { readonly trace: SignalTrace | undefined; readonly mode: WireMode; readonly end: WireShape['end'] };
}

/** The canvas of a view, as its wires see it. */
export interface WireBoard {
  add(place: WirePlace): Cancel;
}

export const [getWireBoard, setWireBoard] = createContext<WireBoard>();
