import type { ShowRef } from '../../src-main/contract/engine-api.ts';
import { showRefText } from '../../src-main/contract/show-ref.ts';
import { showLimits, type ShowDocument } from '../../src-main/contract/show.ts';
import { fileName } from './show-words.ts';

/** The engine's name for a show that the operator has not named. */
const unnamed = 'Untitled';

/** What a show that was never named is called once it lies in this file; undefined when it keeps its name. */
export function nameOfFirstFile(document: Pick<ShowDocument, 'name'>, ref: ShowRef): string | undefined {
  const name = fileName(showRefText(ref)).trim();
  const usable = name !== '' && name !== unnamed && Array.from(name).length <= showLimits.name;
  return document.name === unnamed && usable ? name : undefined;
}
