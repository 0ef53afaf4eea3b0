import type { ShowRef } from '../../src-main/contract/engine-api.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import { showRefText } from '../../src-main/contract/show-ref.ts';
import { showLimits, type ShowDocument } from '../../src-main/contract/show.ts';
import { fileName } from './show-words.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';

/** The engine's name for a show that the operator has not named. */
const unnamed = 'Untitled';

/** What a show that was never named is called once it lies in this file; undefined when it keeps its name. */
export function nameOfFirstFile(document: Pick<ShowDocument, 'name'>, ref: ShowRef): string | undefined {
  const name = fileName(showRefText(ref)).trim();
  const usable = name !== '' && name !== unnamed && Array.from(name).length <= showLimits.name;
  return document.name === unnamed && usable ? name : undefined;
}

/** Names a show that was never named after the file it is about to be saved in.
 *  @returns takes the name back, for a save that was refused; never rejects */
export async function nameAfterFirstFile(
  engine: Pick<EngineState, 'api' | 'show' | 'document' | 'documentTurn' | 'edit'>,
  ref: ShowRef,
): Promise<() => Promise<void>> {
  const name = engine.show.file === null ? nameOfFirstFile(engine.document, ref) : undefined;
  if (name === undefined) return () => Promise.resolve();
  const { documentTurn: turn } = engine;
  const edit = renaming(name);
  await engine.edit(edit);
  return async () => {
    // Of a show that took the table meanwhile, or after an edit from elsewhere, an undo would take back something else.
    if (engine.documentTurn !== turn || engine.show.undoLabel !== edit.label) return;
    await engine.api.undo().catch(() => undefined);
  };
}

export function renaming(name: string): Edit {
  return { label: `rename the show to ${name}`.slice(0, 120), steps: [{ do: 'rename', name }] };
}
