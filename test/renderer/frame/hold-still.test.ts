import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdStill } from '../../../src-renderer/frame/hold-still.ts';

let part: HTMLElement;
let refused: string[];
let waits: string[];
let done: string[];

beforeEach(() => {
  [refused, waits, done] = [[], [], []];
  part = document.body.appendChild(document.createElement('fieldset'));
  part.innerHTML = `<label for="name">name</label><input id="name" type="text" />
    <input id="other" type="text" aria-label="other" /><input id="find" type="search" />
    <select aria-label="kind"><option>a</option></select>
    <button><b>Delete</b></button><p tabindex="0">row</p>`;
  for (const element of part.querySelectorAll('*')) {
    for (const type of ['blur', 'click', 'keydown', 'beforeinput', 'pointerdown', 'mousedown']) {
      element.addEventListener(type, () => done.push(`${element.id || element.localName} ${type}`));
    }
  }
});
afterEach(() => part.remove());

const at = (selector: string): HTMLElement => part.querySelector<HTMLElement>(selector) ?? part;

const hold = (): (() => void) =>
  holdStill(part, { onrefused: (what) => refused.push(what), onwaits: (what) => waits.push(what) });

/** @returns whether the browser may do what it does by itself */
function tell(selector: string, type: string, key?: string): boolean {
  const init = { bubbles: true, cancelable: true };
  const event = key === undefined ? new Event(type, init) : new KeyboardEvent(type, { ...init, key });
  return at(selector).dispatchEvent(event);
}

describe('a part of the page that is held still', () => {
  it('[UI95] lets the field that was being typed in go on, and hands nothing on', () => {
    at('#name').focus();
    const release = hold();
    expect(document.activeElement).toBe(at('#name'));
    expect(tell('#name', 'beforeinput')).toBe(true);
    expect(tell('#name', 'keydown', 'a')).toBe(true);
    expect(tell('#name', 'keydown', 'Escape')).toBe(true);
    done.length = 0;
    expect(tell('#name', 'keydown', 'Enter')).toBe(false);
    at('#name').dispatchEvent(new FocusEvent('blur'));
    expect(done).toEqual([]);
    expect(refused).toEqual([]);
    release();
    expect(tell('#name', 'keydown', 'Enter')).toBe(true);
    at('#name').dispatchEvent(new FocusEvent('blur'));
    expect(done).toEqual(['name keydown', 'name blur']);
  });

  it('[UI430] hands a text on that Enter was pressed for once it is let go, if nobody typed on', async () => {
    const handedOn = (): number => done.filter((each) => each === 'name blur').length;
    for (const [typesOn, expected] of [
      [false, 1],
      [true, 0],
    ] as const) {
      at('#name').focus();
      const release = hold();
      tell('#name', 'keydown', 'Enter');
      expect(waits.splice(0)).toEqual(['name']);
      if (typesOn) tell('#name', 'beforeinput');
      done.length = 0;
      release();
      await Promise.resolve();
      expect(handedOn()).toBe(expected);
      expect(document.activeElement).toBe(at('#name'));
    }
  });

  it('[UI120] tells a field that was left meanwhile so once it is let go, unless the cursor is back or it is gone', async () => {
    const left: string[] = [];
    for (const id of ['name', 'other', 'find']) at(`#${id}`).addEventListener('blur', () => left.push(id));
    at('#name').focus();
    const release = hold();
    at('#other').focus();
    at('#find').focus();
    at('#name').focus();
    at('#other').remove();
    left.length = 0;
    release();
    await Promise.resolve();
    expect(left).toEqual(['find']);
  });

  it('[UI95] takes no text in any other field, no choice, no drag and no press, and says which', () => {
    const release = hold();
    expect(tell('#other', 'beforeinput')).toBe(false);
    expect(tell('select', 'mousedown')).toBe(false);
    expect(tell('select', 'keydown', 'ArrowDown')).toBe(false);
    expect(tell('#other', 'pointerdown')).toBe(true);
    expect(tell('button b', 'click')).toBe(false);
    expect(done).toEqual([]);
    expect(refused).toEqual(['other', 'kind', 'kind', 'Delete']);
    release();
    expect(tell('button b', 'click')).toBe(true);
    expect(done).toEqual(['b click', 'button click']);
  });

  it('[UI95] can still be searched, walked through and looked at', () => {
    hold();
    expect(tell('#find', 'beforeinput')).toBe(true);
    expect(tell('#find', 'keydown', 'Enter')).toBe(true);
    expect(tell('select', 'keydown', 'Tab')).toBe(true);
    expect(tell('p', 'click')).toBe(true);
    expect(tell('#other', 'click')).toBe(true);
    expect(refused).toEqual([]);
  });
});
