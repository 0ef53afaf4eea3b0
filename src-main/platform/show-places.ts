import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import type { ShowEntry, ShowListing, ShowRef } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { showExtension, showNameKey, showNameProblem } from '../contract/show-ref.ts';
import { millis } from '../contract/units.ts';
import type { RecentShow } from '../ports/engine-settings.ts';

export interface ShowPlace {
  /** as resolved: see SavedShow.ref */
  readonly ref: ShowRef;
  /** absolute */
  readonly path: string;
}

/** Shows listed at most; a folder with more lists the first by name. */
export const listedShowsMax = 2_000;

/** Where the file of a show is, or will be.
 *  @param shows the folder of the shows that go by name
 *  @throws InputError 'bad-arguments' for a name or path that cannot be one */
export async function placeOf(shows: string, ref: ShowRef): Promise<ShowPlace> {
  if ('name' in ref) return namedPlace(shows, ref.name);
  if (!isAbsolute(ref.path)) throw badPlace(`The path of a show starts at the root: ${ref.path} does not.`);
  if (!ref.path.toLowerCase().endsWith(showExtension))
    throw badPlace(`A show file ends in ${showExtension}: ${ref.path} does not.`);
  const path = normalize(ref.path);
  if (dirname(path) === shows && path.endsWith(showExtension)) return namedPlace(shows, basename(path, showExtension));
  return { ref: { path }, path };
}

export async function listShows(shows: string, recent: readonly RecentShow[]): Promise<ShowListing> {
  const names = (await showNamesIn(shows))
    .toSorted((left, right) => left.localeCompare(right))
    .slice(0, listedShowsMax);
  return {
    inDataFolder: await Promise.all(names.map((name) => entryOf(shows, { name }, name))),
    recent: await Promise.all(recent.map(({ ref, name }) => entryOf(shows, ref, name))),
  };
}

async function namedPlace(shows: string, name: string): Promise<ShowPlace> {
  const problem = showNameProblem(name);
  if (problem) throw badPlace(problem);
  // Gala and gala are one show everywhere, since they are one file on Windows and macOS.
  const key = showNameKey(name);
  const known = await showNamesIn(shows);
  const spelling = known.includes(name) ? name : (known.find((other) => showNameKey(other) === key) ?? name);
  return { ref: { name: spelling }, path: join(shows, `${spelling}${showExtension}`) };
}

async function showNamesIn(shows: string): Promise<string[]> {
  const files = await readdir(shows).catch(() => []);
  return files
    .filter((file) => file.endsWith(showExtension) && !file.startsWith('.'))
    .map((file) => basename(file, showExtension));
}

async function entryOf(shows: string, ref: ShowRef, name: string): Promise<ShowEntry> {
  const path = 'name' in ref ? join(shows, `${ref.name}${showExtension}`) : ref.path;
  const stats = await stat(path).catch(() => undefined);
  const present = stats?.isFile() ?? false;
  return { ref, name, modifiedAt: present && stats ? millis(stats.mtimeMs) : null, present };
}

function badPlace(message: string): InputError {
  return new InputError('bad-arguments', message);
}
