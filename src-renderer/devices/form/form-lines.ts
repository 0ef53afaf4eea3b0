import type { FormField } from '../../../src-main/contract/bridges/form-field.ts';

/** Letters of a choice that fit into half the width. */
const halfLabel = 18;
/** Letters of a text that are seen in half the width. */
const halfText = 64;

/** The fields of a form line by line: two short ones that follow each other share a line. */
export function formLines(fields: readonly FormField[]): FormField[][] {
  const lines: FormField[][] = [];
  for (const field of fields) {
    const open = lines.at(-1);
    if (open?.length === 1 && open[0] && isShort(open[0]) && isShort(field)) open.push(field);
    else lines.push([field]);
  }
  return lines;
}

function isShort({ shape, words }: FormField): boolean {
  switch (shape.is) {
    case 'number':
      return true;
    case 'choice':
      return shape.choices.every(({ label }) => label.length <= halfLabel);
    case 'text':
      if (words.control === 'secret' || words.control === 'address') return false;
      if (words.control === 'host' || words.control === 'network-card') return true;
      return !shape.long && shape.most !== undefined && shape.most <= halfText;
    default:
      return false;
  }
}
