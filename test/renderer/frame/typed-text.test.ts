import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TypedText, typingPauseMs } from '../../../src-renderer/frame/typed-text.ts';

let away = false;
let lost = 0;
let field: HTMLInputElement;
let cancel: () => void;
let now = 1000;
let ran = '';
const runs = (event: KeyboardEvent): unknown => (ran += event.key);

beforeEach(() => {
  [away, lost, now] = [false, 0, 1000];
  ran = '';
  field = document.body.appendChild(document.createElement('input'));
  cancel = new TypedText({ away: () => away, onlost: () => lost++ }).follow(window);
  window.addEventListener('keydown', runs);
});
afterEach(() => {
  cancel();
  window.removeEventListener('keydown', runs);
  field.remove();
});

function press(key: string, target: Element = document.body, more: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  Object.defineProperty(event, 'timeStamp', { value: now });
  target.dispatchEvent(event);
}

/** @param pauseMs before each key */
function type(text: string, target?: Element, pauseMs = 180): void {
  for (const key of text) {
    now += pauseMs;
    press(key, target);
  }
}

describe('typed text', () => {
  it('[UI94] keeps what still comes of a text from running as commands when its field is gone', () => {
    type('blin', field);
    field.blur();
    type('der lane 18 nine');
    press('Delete');
    expect(ran).toBe('blin');
    expect(lost).toBe(1);
    now += typingPauseMs + 1;
    type('n');
    expect(ran).toBe('blinn');
  });

  it('[UI94] gives the keys back at once to who left the field by Enter, Escape, Tab, arrows or the pointer', () => {
    for (const leave of ['Enter', 'Escape', 'Tab', 'ArrowDown']) {
      type('x', field);
      press(leave, field);
      ran = '';
      type('n');
      expect(ran, leave).toBe('n');
    }
    type('x', field);
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    ran = '';
    type('n');
    expect(ran).toBe('n');
    expect(lost).toBe(0);
  });

  it('[UI94] leaves chords alone', () => {
    type('x', field);
    ran = '';
    press('k', document.body, { ctrlKey: true });
    expect(ran).toBe('k');
  });

  it('[UI94] takes keys that went to nothing without an engine for one text with those after its return', () => {
    away = true;
    type('lane');
    expect(ran).toBe('lane');
    away = false;
    type('lane');
    expect(ran).toBe('lane');
    expect(lost).toBe(1);
    now += typingPauseMs;
    type('n');
    expect(ran).toBe('lanen');
  });
});
