import type { Component } from 'svelte';
import type { FormField } from '../../../src-main/contract/bridges/form-field.ts';
import type { NetworkCard } from '../../../src-main/contract/device.ts';
import type { DraftTexts, DraftValue } from '../draft-texts.ts';
import type { FieldProblems } from '../read-fields.ts';
import type { PortProblems } from './port-problems.svelte.ts';

/** What the controls of a form need to know of the machine and the show. */
export interface FormSources {
  readonly cards: readonly NetworkCard[];
  /** what a secret is called that was given no name */
  readonly bridgeId: string;
  readonly portProblems: PortProblems;
  /** shows the fields of an object within the object */
  readonly Fields: Component<FieldsProps>;
}

export interface FieldsProps {
  fields: readonly FormField[];
  texts: DraftTexts;
  problems: FieldProblems;
  /** what wants a look, by path */
  looks?: Readonly<Record<string, string | undefined>>;
  sources: FormSources;
  /** before the name of each field in its path */
  at?: string;
  onchange: (path: string, value: DraftValue) => void;
}
