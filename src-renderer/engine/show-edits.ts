import type { EditReceipt } from '../../src-main/contract/engine-api.ts';
import { AppError, UnavailableError } from '../../src-main/contract/errors.ts';
import { applyEdit, type Edit, type EditRequest, type Once } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { isSame } from './is-same.ts';
import type { KeptChange, Made } from './late-changes.ts';
import { joinChanges, planned, type ShowChange } from './show-change.ts';
import { newId } from './show-ids.ts';

/** How often one change is sent while other windows keep changing the same thing: two drags at once win in turns, so
 *  that it takes many in a row to lose. */
export const editTriesMax = 50;

export interface ShowEditsOptions {
  /** the show as the engine has it, and its revision */
  readonly confirmed: () => { readonly document: ShowDocument; readonly revision: number };
  readonly send: (edit: EditRequest) => Promise<EditReceipt>;
  /** asks for the newest show */
  readonly refresh: () => Promise<void>;
  /** what is shown on top of the confirmed show is another now */
  readonly onshown: () => void;
  /** a change of this page was acknowledged */
  readonly onreceipt: (receipt: EditReceipt) => void;
}

export interface ShownShow {
  readonly document: ShowDocument;
  /** of the last that is under way; undefined while nothing is */
  readonly label: string | undefined;
}

interface Entry {
  change: ShowChange;
  /** as it went to the engine; undefined while it waits its turn */
  sent: Edit | undefined;
  /** the engine was seen to make it, whether or not its answer comes */
  made: boolean;
  /** undefined when it ends with the engine */
  readonly kept: KeptChange | undefined;
  /** of what is kept: the same for every try */
  once: Once | undefined;
  /** why it is not tried again */
  dropped: AppError | undefined;
  readonly waiting: { resolve: (made: Made) => void; reject: (error: unknown) => void }[];
}

/** The changes this page makes to the show, one after the other: each is made from the newest show, says from which
 *  revision, and is made anew when another window was faster. So both keep what they did. */
export class ShowEdits {
  readonly #options: ShowEditsOptions;
  #entries: Entry[] = [];
  #running: Promise<void> | undefined;
  /** counts connections: an answer of an earlier one settles nothing any more */
  #connection = 0;

  constructor(options: ShowEditsOptions) {
    this.#options = options;
  }

  /** Resolves when it is on disk. @throws AppError when refused: then nothing has changed */
  make(change: ShowChange): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const last = this.#entries.at(-1);
      // The last of a drag is what counts; what waits before it never has to be sent.
      const joined = last && !last.sent && !last.kept ? joinChanges(last.change, change) : undefined;
      if (last && joined) {
        last.change = joined;
        last.waiting.push({ resolve, reject });
        this.#options.onshown();
      } else this.#queue({ change, kept: undefined, waiting: [{ resolve, reject }] });
    });
  }

  /** As `make`, but an engine that goes before it answers does not end it: `abandon` hands it on. */
  makeKept(kept: KeptChange): Promise<Made> {
    return new Promise((resolve, reject) => {
      this.#queue({ change: kept.change, kept, waiting: [{ resolve, reject }] });
    });
  }

  /** The engine made this edit, of this page or of another. */
  noteMade(edit: Edit): void {
    const [first] = this.#entries;
    if (first?.sent && isSame(first.sent, edit)) first.made = true;
  }

  /** The show with everything that is under way on top. What cannot be applied is left to the engine to refuse. */
  shown(document: ShowDocument): ShownShow {
    return this.#entries.reduce<ShownShow>(
      (now, { change, sent, dropped }) => {
        try {
          const edit = dropped ? undefined : (sent ?? planned(change, now.document));
          return edit ? { document: applyEdit(now.document, edit).document, label: edit.label } : now;
        } catch {
          return now;
        }
      },
      { document, label: undefined },
    );
  }

  /** Whether a change waits for the answer to the one before it: it would go with the page. */
  get hasUnsent(): boolean {
    return this.#entries.some(({ sent }) => sent === undefined);
  }

  /** Settles when nothing is under way; undefined when nothing is. */
  get settled(): Promise<void> | undefined {
    return this.#running;
  }

  /** Gives up what waits, and does not try again what is under way. */
  drop(error: AppError): void {
    const [first, ...others] = this.#entries;
    if (first) first.dropped = error;
    this.#entries = first ? [first] : [];
    for (const entry of others) for (const { reject } of entry.waiting) reject(error);
  }

  /** The engine is gone, and with it every answer.
   *  @param keep takes what is to be kept; what the engine did make it does not make again */
  abandon(keep: (kept: KeptChange) => Promise<Made>): void {
    this.#connection++;
    this.#running = undefined;
    for (const entry of this.#entries.splice(0)) {
      const outcome = withoutAnswer(entry, keep);
      for (const { resolve, reject } of entry.waiting) outcome.then(resolve, reject);
    }
  }

  #queue(entry: Pick<Entry, 'change' | 'kept' | 'waiting'>): void {
    this.#entries.push({ ...entry, sent: undefined, made: false, once: entry.kept?.once, dropped: undefined });
    this.#options.onshown();
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const connection = this.#connection;
    for (let entry = this.#entries[0]; entry; entry = this.#entries[0]) {
      const { waiting } = entry;
      try {
        const { receipt, made } = await this.#send(entry);
        if (connection !== this.#connection) return;
        if (receipt) this.#options.onreceipt(receipt);
        this.#leave(entry);
        for (const { resolve } of waiting) resolve(made);
      } catch (error) {
        if (connection !== this.#connection) return;
        this.#leave(entry);
        for (const { reject } of waiting) reject(error);
      }
    }
    this.#running = undefined;
  }

  #leave(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#options.onshown();
  }

  async #send(entry: Entry): Promise<{ readonly receipt?: EditReceipt; readonly made: Made }> {
    const given = (): AppError | undefined => entry.dropped;
    for (let tries = 1; ; tries++) {
      if (entry.dropped) throw entry.dropped;
      const { document, revision } = this.#options.confirmed();
      const edit = planned(entry.change, document);
      if (!edit) return { made: 'now' };
      entry.sent = edit;
      entry.made = false;
      if (entry.kept) entry.once ??= { id: newId(), since: revision };
      this.#options.onshown();
      try {
        const receipt = await this.#options.send(requestOf(entry, edit, revision));
        // An edit that is made now leads further than what it was made from.
        return { receipt, made: receipt.revision > revision ? 'now' : 'before' };
      } catch (error) {
        const mayGoOn = isRace(error) || (entry.kept !== undefined && isNoAnswer(error));
        if (entry.change.overAll || tries >= editTriesMax || !mayGoOn) throw given() ?? error;
        if (!(await this.#isNewerThan(revision))) throw given() ?? error;
      }
    }
  }

  /** Events come before the answers they belong to; only one that was missed has to be asked for. */
  async #isNewerThan(revision: number): Promise<boolean> {
    if (this.#options.confirmed().revision <= revision) await this.#options.refresh();
    return this.#options.confirmed().revision > revision;
  }
}

function requestOf({ change, once }: Entry, edit: Edit, revision: number): EditRequest {
  return { ...edit, ...(change.overAll ? {} : { basedOn: revision }), ...(once ? { once } : {}) };
}

async function withoutAnswer(entry: Entry, keep: (kept: KeptChange) => Promise<Made>): Promise<Made> {
  if (entry.made) return 'now';
  if (entry.dropped) throw entry.dropped;
  if (!entry.kept) throw entry.sent ? notKnown() : noConnection();
  return keep({ ...entry.kept, once: entry.once });
}

const raceCodes: ReadonlySet<string> = new Set(['changed-meanwhile', 'duplicate-number', 'unknown-id']);

function isRace(error: unknown): boolean {
  return error instanceof AppError && raceCodes.has(error.code);
}

/** An engine that hangs may have made it all the same. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof AppError && error.code === 'link-closed';
}

export function noConnection(): UnavailableError {
  return new UnavailableError('link-closed', 'There is no connection to the engine. Nothing was changed.');
}

function notKnown(): UnavailableError {
  const words = 'The engine went before it answered. Whether it was changed shows when the engine is back.';
  return new UnavailableError('link-closed', words);
}
