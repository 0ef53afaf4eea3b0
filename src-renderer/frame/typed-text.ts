import type { Cancel } from '../../src-main/contract/message-link.ts';

/** Keys that follow each other within this belong to one text. */
export const typingPauseMs = 1000;

const modifiers: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead']);
const textKeys: ReadonlySet<string> = new Set(['Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

export interface TypedTextOptions {
  /** whether there is no engine just now */
  readonly away: () => boolean;
  /** keys of a text were kept from running as commands; told once per text */
  readonly onlost: () => void;
}

/** Knows which keys are a text and which are commands. Fingers do not stop when the page takes a field away: what still
 *  comes belongs to the text that was begun in it, until the hand rests or leaves the field by Enter, Escape, Tab or the
 *  pointer. The same for keys that went to nothing while there was no engine. */
export class TypedText {
  readonly #options: TypedTextOptions;
  /** of the last key of a text, and of the last key that there was no engine for; ms on the clock of the events */
  #textMs = Number.NEGATIVE_INFINITY;
  #awayMs = Number.NEGATIVE_INFINITY;
  #told = false;

  constructor(options: TypedTextOptions) {
    this.#options = options;
  }

  /** Hears every key before anything else on the page does. */
  follow(target: Window): Cancel {
    const onkeydown = (event: KeyboardEvent): void => this.#hear(event);
    const onpointerdown = (): void => this.#end();
    target.addEventListener('keydown', onkeydown, true);
    target.addEventListener('pointerdown', onpointerdown, true);
    return () => {
      target.removeEventListener('keydown', onkeydown, true);
      target.removeEventListener('pointerdown', onpointerdown, true);
    };
  }

  #hear(event: KeyboardEvent): void {
    if (modifiers.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.isComposing && event.key.length > 1 && !textKeys.has(event.key)) {
      this.#end();
      return;
    }
    const { timeStamp } = event;
    if (isField(event.target)) {
      this.#textMs = timeStamp;
      this.#told = false;
    } else if (timeStamp - this.#textMs <= typingPauseMs) {
      this.#textMs = timeStamp;
      this.#swallow(event);
    } else if (this.#options.away()) {
      this.#awayMs = timeStamp;
      this.#told = false;
    } else if (timeStamp - this.#awayMs <= typingPauseMs) {
      this.#awayMs = timeStamp;
      this.#swallow(event);
    }
  }

  #swallow(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.#told) return;
    this.#told = true;
    this.#options.onlost();
  }

  #end(): void {
    this.#textMs = Number.NEGATIVE_INFINITY;
    this.#awayMs = Number.NEGATIVE_INFINITY;
  }
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}
