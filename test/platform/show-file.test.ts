import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src-main/contract/errors.ts';
import { showFormat } from '../../src-main/contract/show.ts';
import { formatShowFile, markOf, parseShowFile, showApplicationId } from '../../src-main/platform/show-file.ts';
import { arbitraryShow } from '../arbitrary-show.ts';
import { sampleShow } from '../show-samples.ts';

const path = '/shows/gala.flyrail';
const good = formatShowFile(sampleShow('one', 12));

describe('the show file', () => {
  it('[SF13] carries every show without loss, and the same show in the same bytes', () => {
    fc.assert(
      fc.property(arbitraryShow, (document) => {
        const bytes = formatShowFile(document);
        expect(parseShowFile(bytes, path)).toEqual({ document, mark: markOf(bytes) });
        expect(formatShowFile(document)).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('[SF13] is a SQLite database that names its application and its format', () => {
    const db = new Database(good);
    expect(db.pragma('application_id', { simple: true })).toBe(showApplicationId);
    expect(db.pragma('user_version', { simple: true })).toBe(showFormat);
    expect(
      db.prepare("SELECT json ->> 'name' FROM object WHERE list = 'mappings' AND position = 3").pluck().get(),
    ).toBe('set 4');
    db.close();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('{"format":1}')],
    ['another database', new Database(':memory:').exec('CREATE TABLE a (b)').serialize()],
  ])('[SF14] says that %s is not a show', (_, bytes) => {
    expect(() => parseShowFile(bytes, path)).toThrow(expect.objectContaining({ code: 'not-a-show' }));
    expect(() => parseShowFile(bytes, path)).toThrow(/gala\.flyrail is not a Flyrail show: /);
  });

  it('[SF14] tells both numbers of a newer format', () => {
    const newer = edited((db) => db.pragma('user_version = 7'));
    expect(() => parseShowFile(newer, path)).toThrow(
      expect.objectContaining({ code: 'show-newer', details: { format: 7, known: showFormat, path } }),
    );
  });

  it.each([
    ['cut short', good.subarray(0, good.length - 1000), /damaged/],
    ['cut within its header', good.subarray(0, 60), /its end is missing/],
    ['without a format', edited((db) => db.pragma('user_version = 0')), /its format is 0/],
    [
      'with a foreign view',
      edited((db) => db.exec('CREATE VIEW x AS SELECT 1')),
      /expected the tables show and object/,
    ],
    [
      'with a trigger',
      edited((db) => db.exec('CREATE TRIGGER x AFTER INSERT ON show BEGIN SELECT 1; END')),
      /expected the tables/,
    ],
    ['without a table', edited((db) => db.exec('DROP TABLE object')), /expected the tables/],
    [
      'with another level',
      edited((db) => db.exec(`UPDATE object SET json = replace(json, 'set 4', 'set 5')`)),
      /checksum/,
    ],
    ['without a checksum', edited((db) => db.exec(`DELETE FROM show WHERE key = 'sha256'`)), /checksum/],
  ])('[SF15] says that a file %s is damaged', (_, bytes, words) => {
    expect(() => parseShowFile(bytes, path)).toThrow(expect.objectContaining({ code: 'show-damaged' }));
    expect(() => parseShowFile(bytes, path)).toThrow(words);
  });

  it('[SF15] names the place inside and what was expected there', () => {
    const show = sampleShow('one', 3);
    const odd = {
      ...show,
      mappings: show.mappings.map((mapping, at) => (at === 1 ? { ...mapping, number: 0 } : mapping)),
    };
    expect(() => parseShowFile(formatShowFile(odd), path)).toThrow(
      expect.objectContaining({
        code: 'show-damaged',
        message: `${path} is damaged: mappings[1].number: expected number of at least 1. Open a backup or another copy.`,
        details: { file: path, path: 'mappings[1].number' },
      }),
    );
  });

  it('[SF15] with any bytes flipped or cut, gives the same show or a coded refusal, never another show', () => {
    const whole = parseShowFile(good, path).document;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat(good.length)),
        (flips, length) => {
          const bytes = Buffer.from(good);
          for (const [at, bits] of flips) bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at);
          try {
            expect(parseShowFile(bytes.subarray(0, length ?? undefined), path).document).toEqual(whole);
          } catch (error) {
            if (!(error instanceof InputError)) throw error;
            expect(['not-a-show', 'show-newer', 'show-damaged']).toContain(error.code);
          }
        },
      ),
      { numRuns: 600 },
    );
  }, 60_000);
});

function edited(change: (db: Database.Database) => unknown): Buffer {
  const db = new Database(formatShowFile(sampleShow('one', 12)));
  change(db);
  const bytes = db.serialize();
  db.close();
  return bytes;
}
