import type { FormField } from '../../../src-main/contract/bridges/form-field.ts';

/** Letters of a choice that fit into half the width. */
const halfLabel = 18;
/** Letters of a text that are seen in half the width. */
const halfText = 64;

/** The fields of a form line by line: two short ones that follow each other share a line, a host the one with its port. */
export function formLines(fields: readonly FormField[]): FormField[][] {
  const lines: FormField[][] = [];
  for (const [index, field] of fields.entries()) {
    const open = lines.at(-1);
    const isOwn = field.words.control === 'host' && fields[index + 1]?.shape.is === 'number';
    if (open?.length === 1 && open[0] && isShort(open[0]) && isShort(field) && !isOwn) open.push(field);
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
      if (words.control !== undefined) return words.control === 'host';
      return !shape.long && shape.most !== undefined && shape.most <= halfText;
    default:
      return false;
  }
}
