import type Database from 'better-sqlite3';
import type { SignalPage, SignalQuery, SignalRest } from '../ports/journal-store.ts';
import { joinPicked, SignalPicker, storedSum } from './stored-signals.ts';

/** What a call looks at before others get their turn: chunks, and bytes of those that may have what is wanted. */
export const chunksPerCall = 512;
export const bytesPerCall = 512 * 1024;

interface Row {
  readonly first: number;
  readonly count: number;
  readonly oldest: number;
  readonly newest: number;
}

/** Reads some of what is kept.
 *  @param next number of the signal that comes next */
export function readPage(db: Database.Database, query: SignalQuery, next: number): SignalPage {
  const rest = query.rest ?? { next: 0, end: next };
  return query.isNewestFirst ? readBackwards(db, query, rest) : readForwards(db, query, rest);
}

function readForwards(db: Database.Database, query: SignalQuery, rest: SignalRest): SignalPage {
  const rows = db
    .prepare(
      `SELECT first, count, oldest, newest FROM chunk
       WHERE first >= coalesce((SELECT max(first) FROM chunk WHERE first <= ?), 0) AND first < ?
       ORDER BY first LIMIT ${chunksPerCall}`,
    )
    .all(rest.next, rest.end) as Row[];
  const get = readingOf(db);
  const picker = new SignalPicker(query);
  let { next } = rest;
  let damaged = 0;
  let bytes = 0;
  for (const { first, count, oldest, newest } of rows) {
    if (picker.isFull || bytes >= bytesPerCall) break;
    const skip = Math.max(0, next - first);
    next = first + count;
    if (skip >= count || newest < query.from || oldest > query.to) continue;
    const { signals, isWhole } = get(first);
    bytes += signals.length;
    if (isWhole) next = first + picker.pick(signals, count, skip);
    else damaged++;
  }
  const isEnd = rows.length === 0 || next >= rest.end;
  return { ...picker.page(), rest: isEnd ? undefined : { next, end: rest.end }, damaged };
}

/** Ends with the chunk in which the limit is reached, and where all that is left is older than wanted. */
function readBackwards(db: Database.Database, query: SignalQuery, { end }: SignalRest): SignalPage {
  const rows = db
    .prepare(
      `SELECT first, count, oldest, newest FROM chunk WHERE first < ? ORDER BY first DESC LIMIT ${chunksPerCall}`,
    )
    .all(end) as Row[];
  const get = readingOf(db);
  const picked: ReturnType<SignalPicker['page']>[] = [];
  let last: Row | undefined;
  let [damaged, bytes, found] = [0, 0, 0];
  for (const row of rows) {
    if (found >= query.limit || bytes >= bytesPerCall || (last && last.newest < query.from)) break;
    last = row;
    const { first, count, oldest, newest } = row;
    if (newest < query.from || oldest > query.to) continue;
    const { signals, isWhole } = get(first);
    bytes += signals.length;
    if (!isWhole) {
      damaged++;
      continue;
    }
    const picker = new SignalPicker({ ...query, limit: count });
    picker.pick(signals, count, 0);
    const page = picker.page();
    found += page.ends.length;
    picked.unshift(page);
  }
  const isBeginning = last === rows.at(-1) && rows.length < chunksPerCall;
  const isEnd = isBeginning || (last !== undefined && last.newest < query.from);
  const next = last && !isEnd ? { next: 0, end: last.first } : undefined;
  return { ...joinPicked(picked), rest: next, damaged };
}

/** @returns what a chunk has, and whether it is as it was written */
function readingOf(db: Database.Database): (first: number) => { signals: Buffer; isWhole: boolean } {
  const get = db.prepare('SELECT signals, sum FROM chunk WHERE first = ?').raw();
  return (first) => {
    const [signals, sum] = get.get(first) as [Buffer, number];
    return { signals, isWhole: storedSum(signals) === sum };
  };
}
