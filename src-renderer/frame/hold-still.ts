import type { Cancel } from '../../src-main/contract/message-link.ts';
import { fieldName } from '../widgets/field-name.ts';

const textField = 'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea';
const pressed = 'button, a[href], input, [role="switch"]';
const chosen = 'select, [role="slider"]';
/** Moves about or takes back; changes nothing. */
const harmlessKeys = /^(Tab|Escape|F\d+|Shift|Control|Alt|Meta)$/;

export interface HoldStillOptions {
  /** told what was tried, in the words of its control */
  readonly onrefused: (what: string) => void;
  /** told the words of a field whose text is handed on by Enter as soon as the part is let go */
  readonly onwaits: (what: string) => void;
  /** what only chooses what is looked at goes on: `data-looks` */
  readonly mayLook?: boolean;
}

/** Nothing inside is pressed, chosen or dragged until it is let go, and every try is refused in words. It stays where it
 *  can be focused and read: a field that was being typed in keeps its focus and goes on taking text, as a draft that it
 *  hands on when it is let go; so nothing of what is typed is lost or lands elsewhere. */
export function holdStill(part: HTMLElement, options: HoldStillOptions): Cancel {
  const { activeElement } = part.ownerDocument;
  const kept = activeElement instanceof HTMLElement && part.contains(activeElement) && activeElement.matches(textField);
  const field = kept ? activeElement : undefined;
  field?.setAttribute('data-kept', '');
  const left = new Set<Element>();
  const entered = new Set<Element>();
  const listeners = listenersOf(field, entered, options);
  listeners.push(['blur', (event) => keepText(event, left)]);
  for (const each of listeners) {
    const [, run] = each;
    each[1] = (event) => {
      if (!(options.mayLook && looksOnly(event))) run(event);
    };
  }
  for (const [type, run] of listeners) part.addEventListener(type, run, true);
  return () => {
    field?.removeAttribute('data-kept');
    for (const [type, run] of listeners) part.removeEventListener(type, run, true);
    // Not within the letting go itself, where the page reads as it was before.
    queueMicrotask(() => handOn(left, entered));
  };
}

/** A field hands its text on as it does when it is left; one that was entered keeps its focus by that. */
function handOn(left: ReadonlySet<Element>, entered: ReadonlySet<Element>): void {
  for (const field of new Set([...left, ...entered])) {
    const isDone = entered.has(field) || field !== field.ownerDocument.activeElement;
    if (field.isConnected && isDone) field.dispatchEvent(new FocusEvent('blur'));
  }
}

/** Left because the engine is gone: the text stays in it, and is handed on when the part is let go. */
function keepText(event: Event, left: Set<Element>): void {
  event.stopPropagation();
  if (event.target instanceof Element) left.add(event.target);
}

function listenersOf(
  field: HTMLElement | undefined,
  entered: Set<Element>,
  { onrefused, onwaits }: HoldStillOptions,
): [string, (event: Event) => void][] {
  return [
    ['click', (event) => withControl(event, pressed, (control) => isText(control) || refuse(event, control))],
    ['submit', (event) => refuse(event, event.target as Element)],
    ['beforeinput', (event) => withControl(event, textField, (control) => write(event, control))],
    ['mousedown', (event) => withControl(event, chosen, (control) => refuse(event, control))],
    ['pointerdown', (event) => withControl(event, `${chosen}, ${textField}`, () => event.stopPropagation())],
    ['keydown', (event) => onkeydown(event as KeyboardEvent)],
  ];

  function refuse(event: Event, control: Element): void {
    stop(event);
    onrefused(fieldName(control));
  }

  /** Who types on after Enter has not done with the text. */
  function write(event: Event, control: Element): void {
    if (control === field) entered.delete(control);
    else refuse(event, control);
  }

  function onkeydown(event: KeyboardEvent): void {
    if (harmlessKeys.test(event.key) || event.ctrlKey || event.metaKey) return;
    withControl(event, chosen, (control) => refuse(event, control));
    withControl(event, textField, (control) => {
      if (event.key === 'Enter' && control === field) enter(event, control);
      else if (['Enter', 'ArrowUp', 'ArrowDown'].includes(event.key)) refuse(event, control);
    });
  }

  function enter(event: Event, control: Element): void {
    stop(event);
    entered.add(control);
    onwaits(fieldName(control));
  }
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** A search only looks: it goes on. */
function withControl(event: Event, selector: string, run: (control: Element) => unknown): void {
  const control = event.target instanceof Element ? event.target.closest(selector) : null;
  if (control && control.getAttribute('type') !== 'search') run(control);
}

function looksOnly({ target }: Event): boolean {
  return target instanceof Element && target.closest('[data-looks]') !== null;
}

function isText(control: Element): boolean {
  return control.matches(textField);
}
