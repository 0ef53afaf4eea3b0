import type { ShowState } from '../../src-main/contract/engine-api.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { formatMoment } from '../widgets/format-time.ts';

export interface SavedWords {
  readonly shape: 'connected' | 'trouble' | 'broken';
  /** `saved 21:14:07` */
  readonly fact: string;
  /** what follows for the operator, one sentence */
  readonly consequence: string;
}

/** Whether the file holds what is on the table, in words.
 *  @param autosaveSeconds as in the show's settings; 0 for no autosave */
export function savedWords(show: ShowState, autosaveSeconds: number, now: Millis): SavedWords {
  if (show.saveProblem !== null) {
    return {
      shape: 'broken',
      fact: 'not saved',
      consequence: `${show.saveProblem} Every edit is kept on this machine.`,
    };
  }
  if (show.file === null) {
    return {
      shape: 'trouble',
      fact: 'not in a file yet',
      consequence: 'Every edit is kept on this machine. Save as gives the show a file.',
    };
  }
  if (!show.unsaved) {
    const fact = show.savedAt === null ? 'saved' : `saved ${formatMoment(show.savedAt, now)}`;
    return { shape: 'connected', fact, consequence: 'The file holds every edit.' };
  }
  const later =
    autosaveSeconds > 0 ? `Autosave writes it after ${spanWords(autosaveSeconds)} of quiet.` : 'Autosave is off.';
  return { shape: 'trouble', fact: 'unsaved edits', consequence: `The file is older than the show. ${later}` };
}

/** `412 bytes`, `38 KB`, `1.2 MB`, in thousands as disks are sold. */
export function formatBytes(size: number): string {
  if (size < 1000) return `${size} byte${size === 1 ? '' : 's'}`;
  if (size < 1_000_000) return `${Math.round(size / 1000)} KB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

/** The show's file for a row: the end of a long path says more than its beginning. */
export function fileWords(file: string | null): string {
  if (file === null) return 'no file yet';
  return file.length > 60 ? `…${file.slice(-59)}` : file;
}

/** The last part of a path without the extension, as operators call the file; a name stays as it is. */
export function fileName(path: string): string {
  return pathParts(path).name.replace(/\.flyrail$/i, '');
}

/** A path in two: the folder with its separator, empty for a bare name, and what lies in it. */
export function pathParts(path: string): { readonly folder: string; readonly name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return { folder: path.slice(0, cut), name: path.slice(cut) };
}

function spanWords(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
