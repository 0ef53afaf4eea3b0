import { getContext, setContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';

/** The fields of a form whose text will not do, although the form itself never sees that text. */
export class FieldFaults {
  readonly #fields = new SvelteSet<string>();

  get any(): boolean {
    return this.#fields.size > 0;
  }

  note(fieldId: string, faulty: boolean): void {
    if (faulty) this.#fields.add(fieldId);
    else this.#fields.delete(fieldId);
  }
}

const key = Symbol('field faults');

/** Fields below tell this form of theirs. */
export function setFieldFaults(faults: FieldFaults): void {
  setContext(key, faults);
}

/** undefined where no form asks. */
export function getFieldFaults(): FieldFaults | undefined {
  return getContext<FieldFaults | undefined>(key);
}
