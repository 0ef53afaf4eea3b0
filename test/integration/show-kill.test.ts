import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import { openDataFolder, type DataFolder } from '../../src-main/platform/data-folder.ts';
import { parseShowFile } from '../../src-main/platform/show-file.ts';
import { DiskShowStore } from '../../src-main/platform/disk-show-store.ts';
import type { WorkingShow } from '../../src-main/ports/show-store.ts';
import { folderOnDisk } from '../temporary-folder.ts';
import { createModel, killEdit, seeded, stateOf } from './show-kill-script.ts';

const kills = 52;
/** Every so many, the store runs in its worker thread as it does in the engine. */
const workerEvery = 6;
/** Children that are loaded while others run; loading takes longer than the work. */
const ahead = 3;

/** Halves the time that a child takes to load. */
const compileCache = join(tmpdir(), 'flyrail-show-kill-cache');

interface Round {
  /** the last acknowledged state, and the one that was begun after it */
  acked: number;
  begun: number | undefined;
  /** the state at the beginning of the last save that was acknowledged */
  savedFrom: number;
}

describe('kill -9', () => {
  it(
    `[SF20] at ${kills} random moments loses no acknowledged edit and leaves the old file or the new`,
    { timeout: 240_000 },
    async () => {
      const seed = Number(process.env['FLYRAIL_KILL_SEED'] ?? Date.now() % 1_000_000);
      console.info(`show-kill: rerun with FLYRAIL_KILL_SEED=${seed}`);
      const random = seeded(seed);
      const root = folderOnDisk();
      const start = (round: number) =>
        startChild(root, seed * 1000 + round, round % workerEvery === 0 ? 'worker' : 'thread');
      const waiting = Array.from({ length: ahead }, (_, round) => start(round));
      let round: Round = { acked: 0, begun: undefined, savedFrom: 0 };
      const hit = { edits: 0, saves: 0 };
      try {
        for (let number = 0; number < kills; number++) {
          const child = waiting.shift() ?? start(number);
          if (number + ahead < kills) waiting.push(start(number + ahead));
          round = await runAndKill(child, { ...round, begun: undefined }, random);
          if (round.begun !== undefined) hit.edits++;
          if (halfWritten(root)) hit.saves++;
          round = { ...round, acked: await check(root, round) };
        }
        console.info(
          `show-kill: ${hit.edits} of ${kills} fell into a command, ${hit.saves} into the writing of a file`,
        );
        expect(round.acked).toBeGreaterThan(kills);
      } finally {
        for (const child of waiting) child.kill('SIGKILL');
      }
    },
  );

  it('[SF18] frees the data folder of a process that was killed while it held it', async () => {
    const root = folderOnDisk();
    const child = startChild(root, 1, 'thread');
    const gone = once(child, 'exit');
    child.stdin?.write('go\n');
    for await (const line of linesOf(child)) if (line.startsWith('ack')) break;
    expect(() => openDataFolder(root)).toThrow(expect.objectContaining({ code: 'data-folder-in-use' }));
    child.kill('SIGKILL');
    await gone;
    openDataFolder(root).release();
  });
});

function startChild(root: string, seed: number, place: 'thread' | 'worker'): ChildProcess {
  const script = join(import.meta.dirname, 'show-kill-child.ts');
  return spawn(process.execPath, [script, root, String(seed), place], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
}

function linesOf(child: ChildProcess): AsyncIterable<string> {
  if (!child.stdout) throw new Error('the child has no stdout');
  return createInterface({ input: child.stdout });
}

/** Lets the child work for a random number of lines, at times until it saves, and a random moment more; kills it, and
 *  gives what it had said. */
async function runAndKill(child: ChildProcess, before: Round, random: () => number): Promise<Round> {
  const round = { ...before };
  const gone = once(child, 'exit');
  let linesLeft = 2 + Math.floor(random() * 16);
  const inSave = random() < 0.4;
  const moreMs = random() * (inSave ? 6 : 15);
  let savingFrom = before.savedFrom;
  let armed = false;
  const killAt = (instant: number): void => {
    if (performance.now() >= instant) child.kill('SIGKILL');
    else setImmediate(killAt, instant);
  };
  child.stdin?.write('go\n');
  // Lines that come while the kill is on its way count too: they were said.
  for await (const line of linesOf(child)) {
    const [word, state] = line.split(' ');
    if (word === 'begin') round.begun = Number(state);
    if (word === 'ack') Object.assign(round, { acked: Number(state), begun: undefined });
    if (word === 'saving') savingFrom = round.acked;
    if (word === 'saved') round.savedFrom = savingFrom;
    if (--linesLeft <= 0 && !armed && (!inSave || word === 'saving')) {
      armed = true;
      killAt(performance.now() + moreMs);
    }
  }
  const [, signal] = (await gone) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error('the child ended by itself, see its stderr');
  return round;
}

function halfWritten(root: string): boolean {
  return ['shows', 'backups'].some((folder) =>
    readdirSync(join(root, folder)).some((name) => name.endsWith('.saving')),
  );
}

/** @returns the state that the working copy has now */
async function check(root: string, { acked, begun, savedFrom }: Round): Promise<number> {
  const folder = openDataFolder(root);
  const store = new DiskShowStore(folder);
  try {
    const { working, setAside } = await store.load();
    expect(setAside).toBeNull();
    if (!working) throw new Error('the working copy holds no show');
    const state = stateOf(working.document);
    const model = createModel(emptyShow(working.document.id, 'Untitled'));
    expect([acked, begun]).toContain(state);
    expect(working.document).toEqual(model(state));
    checkJournal(working, state);
    checkFiles(folder, working, model, savedFrom);
    return state;
  } finally {
    await store.close();
    folder.release();
  }
}

/** Undo is there too: the entry that is applied last is the edit that made the state. */
function checkJournal({ journal, cursor, base }: WorkingShow, state: number): void {
  const tip = journal.find(({ id }) => id === cursor);
  if (tip) expect(tip.edit).toEqual(killEdit(state));
  else expect(cursor).toBe(base);
}

function checkFiles(
  folder: DataFolder,
  working: WorkingShow,
  model: (k: number) => ShowDocument,
  savedFrom: number,
): void {
  const path = join(folder.shows, 'gala.flyrail');
  if (existsSync(path)) {
    const { document, mark } = parseShowFile(readFileSync(path), path);
    const state = stateOf(document);
    expect(document).toEqual(model(state));
    // One less, since an undo may be under way when a save begins.
    expect(state).toBeGreaterThanOrEqual(savedFrom - 1);
    if (working.saved && working.saved.cursor === working.cursor && working.saved.mark === mark)
      expect(document).toEqual(working.document);
    if (working.saved) expect(working.saved.mark).toBe(mark);
  } else {
    expect(working.saved).toBeNull();
  }
  // Older ones were looked at after the kills before.
  for (const name of readdirSync(folder.backups).toSorted().slice(-3)) {
    const { document } = parseShowFile(readFileSync(join(folder.backups, name)), name);
    expect(document).toEqual(model(stateOf(document)));
  }
  expect(
    [...readdirSync(folder.shows), ...readdirSync(folder.backups)].filter((name) => name.endsWith('.saving')),
  ).toEqual([]);
}
