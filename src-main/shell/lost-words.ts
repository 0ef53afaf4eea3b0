import { z } from '../contract/zod.ts';
import { cutText } from '../contract/cut-text.ts';

/** So many are named one by one, each cut at this; a box is no page. */
const namedMax = 6;
const lengthMax = 160;

const lostSchema = z.array(z.string()).max(100_000);

/** What a page says would be lost with it. @returns nothing for what is no list of texts */
export function lostFromPage(message: unknown): readonly string[] {
  return lostSchema.safeParse(message).data ?? [];
}

/** For a native box: a line for each, the rest counted. */
export function describeLost(lost: readonly string[]): string {
  const named = lost.slice(0, namedMax).map((each) => `• ${cutText(each.replace(/\s+/g, ' '), lengthMax)}`);
  const more = lost.length > namedMax ? [`and ${lost.length - namedMax} more`] : [];
  return [...named, ...more].join('\n');
}
