/** How a form shows a setting beyond its `title` (the label, lower case) and `description` (one help text, a sentence).
 *  Written with `.meta()` at the schema of the setting, so that the form, the JSON schema and the docs say the same. */
export interface FieldWords {
  /** behind the value: `Hz`, `0–200` */
  readonly unit?: string;
  /** shown while the field is empty */
  readonly placeholder?: string;
  /** for an enum: what each choice is called */
  readonly choices?: Readonly<Record<string, string>>;
  /** said when what was typed is refused, instead of the schema's own message: a repair, as in `A port is a whole number.` */
  readonly repair?: string;
  /** in the form instead of the description: `{value}` is what stands in the field, as in `/fader/1 is {value}/fader/1 here.` */
  readonly example?: string;
  /** for a list of objects or of universes: what one of them is called, as in `target`; for a group that may be absent: what it is */
  readonly item?: string;
  /** which control is used where the type alone does not say: see `bridge-form.ts` */
  readonly control?: FieldControl;
  /** shown only while another setting of the same object has one of these values */
  readonly when?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** behind the fold "more" */
  readonly advanced?: boolean;
  /** a text whose blanks at both ends belong to it, such as a delimiter */
  readonly blanks?: boolean;
}

export type FieldControl =
  | ('network-card' | 'serial-port' | 'midi-input' | 'midi-output' | 'hid-device' | 'hid-controls' | 'secret')
  | ('address' | 'host' | 'hosts' | 'patterns' | 'universes' | 'identity' | 'lines' | 'json');
