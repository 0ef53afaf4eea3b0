import type { z } from '../zod.ts';
import type { FieldWords } from './field-words.ts';

/** One setting as a form shows it. */
export interface FormField {
  /** its key in the object that it belongs to */
  readonly name: string;
  /** lower case; made of the name where the schema has none */
  readonly label: string;
  /** whether the schema gives it a label */
  readonly isTitled: boolean;
  /** one sentence */
  readonly help: string | undefined;
  readonly words: FieldWords;
  readonly shape: FieldShape;
  /** judges the value, with its default and whether it may be absent */
  readonly schema: z.ZodType;
  /** stands for it where nothing was said; undefined without */
  readonly fallback: unknown;
  /** what an empty field stands for; undefined where it must be filled */
  readonly empty: 'null' | 'absent' | undefined;
  /** it belongs to one choice of a union: its object has it only while its `when` holds */
  readonly onlyThen: boolean;
}

export interface FieldChoice {
  readonly value: string | number;
  readonly label: string;
}

export type FieldShape =
  /** long: over several lines */
  | { readonly is: 'text'; readonly long: boolean; readonly least: number; readonly most: number | undefined }
  | {
      readonly is: 'number';
      readonly whole: boolean;
      readonly least: number | undefined;
      readonly most: number | undefined;
    }
  | { readonly is: 'choice'; readonly choices: readonly FieldChoice[] }
  | { readonly is: 'switch' }
  /** texts parted by commas or blanks; by lines when long */
  | { readonly is: 'texts'; readonly long: boolean; readonly least: number; readonly most: number | undefined }
  /** several of a few */
  | { readonly is: 'several'; readonly choices: readonly FieldChoice[] }
  /** whole numbers and spans of them: `1-4, 7` */
  | {
      readonly is: 'numbers';
      readonly least: number;
      readonly most: number;
      readonly fewest: number;
      readonly count: number;
    }
  /** spans of universes, each `{first, last}`, with a priority where the setting has one: `1-4, 7@120` */
  | {
      readonly is: 'universes';
      readonly prioritized: boolean;
      readonly least: number;
      readonly most: number;
      readonly fewest: number;
      readonly count: number;
    }
  /** a list of objects, each with these fields */
  | {
      readonly is: 'rows';
      readonly fields: readonly FormField[];
      readonly least: number;
      readonly most: number | undefined;
    }
  /** an object of names of the operator's own: rows of name and value */
  | { readonly is: 'pairs'; readonly key: FormField; readonly value: FormField }
  /** an object in the object */
  | { readonly is: 'group'; readonly fields: readonly FormField[] }
  /** made once, shown, never typed */
  | { readonly is: 'fixed' }
  /** whatever it is, as JSON */
  | { readonly is: 'json' };
