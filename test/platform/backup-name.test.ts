import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { formatBackupName, tryParseBackupName } from '../../src-main/platform/backup-name.ts';
import { anyCharacter } from '../any-character.ts';

const madeAt = millis(Date.UTC(2026, 10, 21, 15, 16, 9, 123));
const nameOf = (showName: string): string => formatBackupName({ showId: 'one', showName, madeAt });

describe('the name of a backup', () => {
  it('[SF24] is the name of the show for a person, and reads back as it was', () => {
    expect(nameOf('Größe – Act (1), ação #2 舞台')).toBe(
      '20261121T151609.123Z~Größe – Act (1), ação #2 舞台~one.flyrail',
    );
    expect(nameOf('Act 1/2: 50 %~?')).toBe('20261121T151609.123Z~Act 1%2F2%3A 50 %25%7E%3F~one.flyrail');
    expect(tryParseBackupName(nameOf('Act 1/2: 50 %~?'))).toEqual({
      showId: 'one',
      showName: 'Act 1/2: 50 %~?',
      madeAt,
    });
  });

  it('[SF24] is a file name on every system, whatever the name of the show', () => {
    const showId = 'i'.repeat(64);
    const showName = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(showName, (text) => {
        const name = formatBackupName({ showId, showName: text, madeAt });
        expect(name).not.toMatch(/[<>:"/\\|?*\p{C}]/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        // The longest id that a page may ask for.
        expect(name.length - '.flyrail'.length).toBeLessThanOrEqual(200);
        const read = tryParseBackupName(name)?.showName ?? '';
        expect(text === read || (read.endsWith('…') && text.startsWith(read.slice(0, -1)))).toBe(true);
      }),
    );
  });

  it('[SF24] is read as older Flyrails wrote it, and as a person did', () => {
    expect(tryParseBackupName('20251231T235959.999Z~Gala 1_2~one.flyrail')).toMatchObject({ showName: 'Gala 1_2' });
    expect(tryParseBackupName('20251231T235959.999Z~50%~one.flyrail')).toMatchObject({ showName: '50%' });
    expect(tryParseBackupName('20251231T235959.999Z~~one.flyrail')).toMatchObject({ showName: '', showId: 'one' });
    for (const other of ['gala.flyrail', '20251231T235959.999Z~Gala~one.txt', '20259931T235959.999Z~Gala~one.flyrail'])
      expect(tryParseBackupName(other)).toBeUndefined();
  });
});
