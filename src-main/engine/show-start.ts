import { messageOf } from '../contract/errors.ts';
import type { ShowRef } from '../contract/engine-api.ts';
import { emptyShow } from '../contract/show.ts';
import { sameShowRef, showRefText } from '../contract/show-ref.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { LoadedShow, SavedShow, ShowOnDisk, ShowStore, WorkingShow } from '../ports/show-store.ts';

export interface StartOptions {
  readonly store: ShowStore;
  readonly random: Random;
  readonly log: Log;
  /** the show to open; the last one, else an empty one, without it */
  readonly open?: ShowRef | undefined;
}

export interface StartedShow {
  readonly working: WorkingShow;
  readonly saveProblem: string | null;
  /** still to be opened in place of `working` */
  readonly open: ShowRef | undefined;
}

/** What is on the table when Flyrail starts: what the last run left, with its unsaved edits; else nothing yet.
 *  @throws InputError | UnavailableError when the show to open cannot be read; then all stays as it was */
export async function startShow(options: StartOptions): Promise<StartedShow> {
  const { store, log, open } = options;
  const wanted = open && (await store.read(open));
  const { working, setAside } = await store.load();
  if (setAside) log.error('the working copy was unreadable and is put aside', { ...setAside });
  if (!working) return { working: await layEmptyShow(options, setAside), saveProblem: null, open };
  if (!wanted) return { ...(await resume(options, working)), open: undefined };
  if (!working.saved || !sameShowRef(working.saved.ref, wanted.ref)) return { working, saveProblem: null, open };
  return { ...(await compare(options, working, wanted)), open: undefined };
}

type Resumed = Omit<StartedShow, 'open'>;

async function layEmptyShow({ store, random }: StartOptions, setAside: LoadedShow['setAside']): Promise<WorkingShow> {
  const document = emptyShow(random.uuid(), 'Untitled');
  // Revision 0 means that nothing was ever done here, which a lost working copy does not say.
  const revision = setAside ? 1 : 0;
  const laying = await store.replace({ document, revision, saved: null });
  return { document, revision, cursor: revision, base: revision, journal: [], made: [], saved: null, laying };
}

async function resume(options: StartOptions, working: WorkingShow): Promise<Resumed> {
  const { saved } = working;
  if (!saved) return { working, saveProblem: null };
  try {
    return await compare(options, working, await options.store.read(saved.ref));
  } catch (error) {
    options.log.warn('the file of the show cannot be read, its working copy stays', {
      file: showRefText(saved.ref),
      reason: messageOf(error),
    });
    return { working, saveProblem: messageOf(error) };
  }
}

/** Both the working copy and the file may hold the newer work. Unsaved edits win, and the file is then left alone until
 *  the operator saves; without any, the file wins. */
async function compare({ store, log }: StartOptions, working: WorkingShow, file: ShowOnDisk): Promise<Resumed> {
  const name = showRefText(file.ref);
  const unsaved = working.saved?.cursor !== working.cursor;
  if (unsaved) log.info('edits that were not saved are kept', { file: name });
  if (working.saved?.mark === file.mark) return { working, saveProblem: null };
  if (unsaved) {
    log.warn('the file was changed by another program while it had unsaved edits here', { file: name });
    return {
      working,
      saveProblem: `${name} was changed by another program. Save to replace it; it is kept among the backups.`,
    };
  }
  log.info('the file was changed by another program, it is opened anew', { file: name });
  const revision = working.revision + 1;
  const saved: SavedShow = { ref: file.ref, mark: file.mark, cursor: revision, at: file.modifiedAt };
  const laying = await store.replace({ document: file.document, revision, saved });
  return {
    working: {
      document: file.document,
      revision,
      cursor: revision,
      base: revision,
      journal: [],
      made: [],
      saved,
      laying,
    },
    saveProblem: null,
  };
}
