import { getContext, setContext, tick } from 'svelte';

/** A form whose fields say what is wrong with them only after somebody was at them, or tried the form as it is. */
export class FormTry {
  #tried = $state(false);

  get tried(): boolean {
    return this.#tried;
  }

  /** Somebody wants the form as it is: every field that will not do says so, and the first of them has the focus. */
  async insist(form: HTMLElement | undefined): Promise<void> {
    this.#tried = true;
    await tick();
    leadToRepair(form);
  }
}

const key = Symbol('form try');

/** Fields below keep to this form. */
export function setFormTry(): FormTry {
  return setContext(key, new FormTry());
}

/** What one field of such a form is told. Made while its component is. */
export class FieldTouch {
  #touched = $state(false);
  /** undefined where the form judges by itself */
  readonly #form = getContext<FormTry | undefined>(key);

  note(): void {
    this.#touched = true;
  }

  /** @returns nothing for a field that is empty because nobody has been at it yet */
  shown(value: string, error: string | undefined): string | undefined {
    const isQuiet = this.#form?.tried === false && !this.#touched && value.trim() === '';
    return isQuiet ? undefined : error;
  }
}

/** Takes the focus to the first field of a form that says what to repair, with what it says in sight. */
export function leadToRepair(form: HTMLElement | undefined): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"], .error[role="alert"]');
  const isField = first?.matches('[aria-invalid]');
  const field = isField
    ? first
    : first?.parentElement?.querySelector<HTMLElement>('button:not(:disabled), input, select');
  field?.focus();
  first?.closest('.field')?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' });
}
