import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError, messageOf } from '../../contract/errors.ts';
import { hidLayoutSchema, type HidLayout } from '../../contract/hid-layout.ts';
import type { HidLayouts, NamedLayout } from '../../ports/hid-ports.ts';

const layoutBytesMax = 256 * 1024;
const filesMax = 500;

export interface LayoutFolders {
  /** those that come with Flyrail */
  readonly builtIn: string;
  /** those of the operator; it need not be there */
  readonly own: string | undefined;
}

/** All layouts there are. A file that will not do is named with what it wants, and the others are there. Never rejects. */
export async function readLayouts({ builtIn, own }: LayoutFolders): Promise<HidLayouts> {
  const [mine, given] = await Promise.all([
    own === undefined ? nothing : readFolder(own, true),
    readFolder(builtIn, false),
  ]);
  const taken = new Set(mine.layouts.map(({ id }) => id));
  return {
    layouts: [...mine.layouts, ...given.layouts.filter(({ id }) => !taken.has(id))],
    faults: [...mine.faults, ...given.faults],
  };
}

/** @throws InputError 'bad-layout', a sentence with the place in the file */
export function parseLayout(name: string, text: string): HidLayout {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError('bad-layout', `The layout ${name} is no JSON: ${messageOf(cause)}.`, { name }, { cause });
  }
  const parsed = hidLayoutSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new InputError(
    'bad-layout',
    `The layout ${name} has something wrong${place === '' ? '' : ` at ${place}`}: ${(issue?.message ?? 'it is no layout').replace(/\.$/, '')}.`,
    { name },
  );
}

const nothing: HidLayouts = { layouts: [], faults: [] };

async function readFolder(folder: string, isOwn: boolean): Promise<HidLayouts> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => /^[A-Za-z0-9._-]+\.json$/.test(name)).toSorted();
  const layouts: NamedLayout[] = [];
  const faults: string[] = [];
  if (files.length > filesMax) faults.push(`Of the layouts in ${folder} only ${filesMax} are read.`);
  for (const file of files.slice(0, filesMax)) {
    try {
      const id = basename(file, '.json');
      layouts.push({ id, isOwn, layout: parseLayout(file, await readText(join(folder, file))) });
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  return { layouts, faults };
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > layoutBytesMax)
    throw new InputError('bad-layout', `The layout ${basename(path)} is larger than ${layoutBytesMax / 1024} KiB.`);
  return readFile(path, 'utf8');
}
