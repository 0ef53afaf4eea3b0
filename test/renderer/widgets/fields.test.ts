import { cleanup, render } from '@testing-library/svelte';
import { flushSync, tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import AddressField from '../../../src-renderer/widgets/AddressField.svelte';
import CurvePlot from '../../../src-renderer/widgets/CurvePlot.svelte';
import NumberField from '../../../src-renderer/widgets/NumberField.svelte';
import RopeLock from '../../../src-renderer/widgets/RopeLock.svelte';
import SelectField from '../../../src-renderer/widgets/SelectField.svelte';
import TextField from '../../../src-renderer/widgets/TextField.svelte';

afterEach(cleanup);

describe('text field', () => {
  it('[UI31] hands its text on when it is left or at Enter, once, and only when it changed', () => {
    const changes: string[] = [];
    const input = inputOf(render(TextField, { label: 'name', value: 'A', onchange: (value) => changes.push(value) }));
    type(input, 'B');
    press(input, 'Enter');
    input.dispatchEvent(new Event('blur'));
    type(input, 'A');
    press(input, 'Enter');
    expect(changes).toEqual(['B']);
  });

  it('[UI31] takes Escape as taking it back, and keeps Escape from what is around it', () => {
    const changes: string[] = [];
    const escapes: string[] = [];
    const { container } = render(TextField, { label: 'name', value: 'A', onchange: (value) => changes.push(value) });
    const input = inputOf({ container });
    // Above the root at which Svelte hears what its components hear.
    document.body.addEventListener('keydown', (event) => escapes.push(event.key));
    type(input, 'B');
    press(input, 'Escape');
    input.dispatchEvent(new Event('blur'));
    expect(input.value).toBe('A');
    expect(changes).toEqual([]);
    expect(escapes).toEqual([]);
    press(input, 'Escape');
    expect(escapes).toEqual(['Escape']);
  });
});

describe('select field', () => {
  it('[UI420] shows what holds, also after it was chosen by hand and taken back', async () => {
    const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }));
    const props = { label: 'kind', value: 'a', options, onchange: () => undefined };
    const { container, rerender } = render(SelectField<string>, props);
    const select = container.querySelector('select');
    if (!select) throw new Error('There is no choice.');
    expect(select.value).toBe('a');
    select.value = 'b';
    await rerender({ value: 'b' });
    await rerender({ value: 'a' });
    expect(select.value).toBe('a');
    await rerender({ options: options.toReversed() });
    expect(select.value).toBe('a');
  });
});

describe('address field', () => {
  it('[UI32] says the repair and hands nothing on until it will do', () => {
    const changes: string[] = [];
    const { container } = render(AddressField, {
      label: 'source',
      value: '/a',
      onchange: (value) => changes.push(value),
    });
    const input = inputOf({ container });
    type(input, '/osc//cutoff');
    press(input, 'Enter');
    expect(changes).toEqual([]);
    expect(container.querySelector('[role="alert"]')?.textContent).toBe('Two slashes meet. Remove one.');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    type(input, ' /osc/cutoff ');
    press(input, 'Enter');
    expect(changes).toEqual(['/osc/cutoff']);
  });

  it('[UI32] takes wildcards only where a pattern is asked for', () => {
    const address = render(AddressField, { label: 'a', value: '', onchange: () => undefined });
    type(inputOf(address), '/a/*');
    expect(address.container.querySelector('[role="alert"]')).not.toBeNull();
    const pattern = render(AddressField, { label: 'b', value: '', takes: 'pattern', onchange: () => undefined });
    type(inputOf(pattern), '/a/*');
    expect(pattern.container.querySelector('[role="alert"]')).toBeNull();
  });
});

describe('number field', () => {
  it('[UI33] types, steps with the arrows, ten times as far with Shift, and stays inside its range', () => {
    const { input, changes } = numberField({ value: 5, min: 0, max: 100, step: 1 });
    type(input, '7,5');
    press(input, 'Enter');
    press(input, 'ArrowUp');
    press(input, 'ArrowUp', { shiftKey: true });
    type(input, '101');
    press(input, 'Enter');
    expect(changes.map(([value]) => value)).toEqual([7.5, 6, 15]);
    expect(input.closest('div')?.querySelector('[role="alert"]')?.textContent).toBe('Type 0 to 100.');
  });

  it('[UI46] makes one undo of a burst of arrow keys, and another after the field was left', async () => {
    const { input, changes } = numberField({ value: 5 });
    press(input, 'ArrowUp');
    press(input, 'ArrowDown');
    input.dispatchEvent(new Event('blur'));
    await tick();
    press(input, 'ArrowUp');
    const [first, second, third] = changes.map(([, gesture]) => gesture);
    expect(first).toBeTypeOf('string');
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('[UI170] hands nothing on when it is moved, and gets its cursor back; who leaves it does', async () => {
    const { input, changes } = numberField({ value: 5 });
    input.focus();
    type(input, '1234');
    input.setSelectionRange(1, 3);
    const place = input.parentElement?.parentElement as HTMLElement;
    // As Chromium does it: the blur first, then the move.
    input.blur();
    place.parentElement?.append(place);
    await tick();
    expect(changes).toEqual([]);
    expect(document.activeElement).toBe(input);
    expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['1234', 1, 3]);
    input.blur();
    await tick();
    expect(changes).toEqual([[1234, undefined]]);
  });

  it('[UI47] says the repair of a number that will not do beside others, and does not step onto it', () => {
    const { input, changes } = numberField({
      value: 5,
      validate: (value) => (value === 6 ? 'Type another number.' : undefined),
    });
    press(input, 'ArrowUp');
    expect(changes).toEqual([]);
    expect(input.closest('div')?.querySelector('[role="alert"]')?.textContent).toBe('Type another number.');
  });

  it('[UI33] drags with one gesture for all its changes', () => {
    const { input, changes } = numberField({ value: 0, step: 1 });
    input.dispatchEvent(pointer('pointerdown', 100));
    for (const x of [101, 112, 140]) input.dispatchEvent(pointer('pointermove', x));
    input.dispatchEvent(pointer('pointerup', 140));
    expect(changes.map(([value]) => value)).toEqual([3, 10]);
    expect(changes[0]?.[1]).toBeTypeOf('string');
    expect(changes[1]?.[1]).toBe(changes[0]?.[1]);
  });

  it('[UI33] becomes a text field at a press that does not drag', () => {
    const { input, changes } = numberField({ value: 3 });
    input.dispatchEvent(pointer('pointerdown', 100));
    input.dispatchEvent(pointer('pointerup', 101));
    expect(document.activeElement).toBe(input);
    expect(changes).toEqual([]);
  });
});

describe('curve plot', () => {
  it('[UI34] moves its handles with the arrows, ten times as far with Shift, and keeps x inside', () => {
    const shapes: (readonly number[])[] = [];
    const { container } = render(CurvePlot, {
      label: 'Curve',
      easing: 'cubic-bezier',
      bezier: [0.25, 0.1, 0.95, 1],
      onchange: (bezier) => shapes.push(bezier),
    });
    const [leave, arrive] = container.querySelectorAll('[role="slider"]');
    press(leave, 'ArrowUp');
    press(arrive, 'ArrowRight', { shiftKey: true });
    expect(shapes).toEqual([
      [0.25, 0.11, 0.95, 1],
      [0.25, 0.1, 1, 1],
    ]);
    press(leave, 'End');
    press(arrive, 'Home');
    expect(shapes.slice(2)).toEqual([
      [1, 0.1, 0.95, 1],
      [0.25, 0.1, 0, 1],
    ]);
    expect(leave?.getAttribute('aria-valuetext')).toBe('at 0.25, height 0.10');
  });

  it('[UI34] begins from what a preset looks like', () => {
    const shapes: (readonly number[])[] = [];
    const { container } = render(CurvePlot, {
      label: 'Curve',
      easing: 'ease-in',
      bezier: [0, 0, 1, 1],
      onchange: (bezier) => shapes.push(bezier),
    });
    press(container.querySelector('[role="slider"]'), 'ArrowUp');
    expect(shapes[0]?.slice(1)).toEqual([0.01, 2 / 3, 1 / 3]);
  });
});

describe('rope lock', () => {
  it('[UI35] is a switch that asks for the other state and leaves the row alone', () => {
    const asked: boolean[] = [];
    let rowClicks = 0;
    const { container } = render(RopeLock, { on: true, label: 'Set 3', onchange: (on) => asked.push(on) });
    document.body.addEventListener('click', () => rowClicks++);
    const lock = container.querySelector<HTMLElement>('[role="switch"]');
    expect(lock?.getAttribute('aria-checked')).toBe('true');
    lock?.click();
    expect(asked).toEqual([false]);
    expect(rowClicks).toBe(0);
  });
});

function numberField(props: {
  value: number;
  min?: number;
  max?: number;
  step?: number;
  validate?: (value: number) => string | undefined;
}) {
  const changes: [number, string | undefined][] = [];
  const { container } = render(NumberField, {
    label: 'n',
    ...props,
    onchange: (value, gesture) => changes.push([value, gesture]),
  });
  const input = inputOf({ container });
  input.setPointerCapture = () => undefined;
  return { input, changes };
}

function inputOf({ container }: { container: HTMLElement }): HTMLInputElement {
  const input = container.querySelector('input');
  if (!input) throw new Error('There is no field.');
  return input;
}

function type(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

function press(target: Element | null | undefined, key: string, more: KeyboardEventInit = {}): void {
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  flushSync();
}

function pointer(name: string, clientX: number): PointerEvent {
  return new PointerEvent(name, { clientX, button: 0, bubbles: true, cancelable: true });
}
