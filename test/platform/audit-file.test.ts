import { chmodSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditBacklogMax, auditFilesMax, openAuditFile, readAuditFiles } from '../../src-main/platform/audit-file.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function rig(fileBytesMax?: number) {
  const path = join(temporaryFolder(), 'audit.jsonl');
  const clock = new SimulatedClock();
  const open = () => openAuditFile({ path, clock, log: silentLog, ...(fileBytesMax && { fileBytesMax }) });
  return { path, clock, open };
}
const entry = (n: number) => ({ what: 'session-opened', fields: { n, name: 'a "b"\n' } }) as const;

describe('the audit file', () => {
  it('[AU1] keeps entries in order, each a line with its time, over restarts, for its owner alone', async () => {
    const { path, clock, open } = rig();
    const first = open();
    first.note(entry(1));
    clock.advance(1500);
    first.note(entry(2));
    await first.close();
    const second = open();
    second.note(entry(3));
    await second.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('{"at":"2023-11-14T22:13:20.000Z","what":"session-opened","n":1,"name":"a \\"b\\"\\n"}');
    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual([1, 2, 3]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('[AU1] takes away what others may do with a file that was there', async () => {
    const { path, open } = rig();
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    const audit = open();
    audit.note(entry(1));
    await audit.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('[AU1] begins a new file past the bound, and keeps four older ones', async () => {
    const { path, open } = rig(200);
    const audit = open();
    for (let n = 0; n < 40; n++) {
      audit.note(entry(n));
      await audit.close();
    }
    for (let age = 1; age < auditFilesMax; age++)
      expect(statSync(path.replace('.jsonl', `-${age}.jsonl`)).size).toBeLessThanOrEqual(400);
    expect(() => statSync(path.replace('.jsonl', `-${auditFilesMax}.jsonl`))).toThrow();
    const kept = (await readAuditFiles(path, 1000)).map(({ n }) => n as number);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 40 - kept.length + i));
    expect(kept.length).toBeGreaterThan(4);
  });

  it('[AU2] counts what a disk that fails did not keep, and goes on when it can', async () => {
    const { path, open } = rig();
    mkdirSync(path);
    const audit = open();
    audit.note(entry(1));
    audit.note(entry(2));
    await audit.close();
    rmdirSync(path);
    audit.note(entry(3));
    await audit.close();
    expect(await readAuditFiles(path, 10)).toMatchObject([{ n: 3, leftOutBefore: 2 }]);
  });

  it('[AU2] leaves out what is too much for a disk, without growing', async () => {
    const { path, open } = rig();
    const audit = open();
    // The first batch is on its way at once.
    for (let n = 0; n <= auditBacklogMax + 100; n++) audit.note(entry(n));
    await audit.close();
    audit.note(entry(-1));
    await audit.close();
    const kept = await readAuditFiles(path, 100_000);
    expect(kept.length).toBeLessThanOrEqual(auditBacklogMax + 2);
    expect(kept.at(-1)).toMatchObject({ n: -1, leftOutBefore: auditBacklogMax + 102 - kept.length });
  });

  it('[AU3] reads the newest, and passes over lines that are cut', async () => {
    const { path, open } = rig();
    writeFileSync(path, '{"at":"x","what":"y","n":0}\n{"at":"x","wh\n[1]\n');
    const audit = open();
    for (let n = 1; n <= 30; n++) audit.note(entry(n));
    await audit.close();
    expect((await readAuditFiles(path, 100)).map(({ n }) => n)).toEqual(Array.from({ length: 31 }, (_, n) => n));
    expect((await readAuditFiles(path, 3)).map(({ n }) => n)).toEqual([28, 29, 30]);
    expect(await readAuditFiles(join(path, 'nowhere'), 3)).toEqual([]);
  });
});
