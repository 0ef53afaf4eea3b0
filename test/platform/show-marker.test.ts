import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { markerPath, openElsewhere, removeMarker, setMarker } from '../../src-main/platform/show-marker.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const host = hostname();

describe('the sign that a show is open', () => {
  it('[SF11] tells who has it open, and is our own business only as far as it is ours', async () => {
    const path = join(temporaryFolder(), 'gala.flyrail');
    await setMarker(path);
    expect(JSON.parse(readFileSync(await markerPath(path), 'utf8'))).toEqual({ pid: process.pid, host });
    expect(await openElsewhere(path)).toBeNull();
    await removeMarker(path);
    expect(existsSync(await markerPath(path))).toBe(false);
  });

  it('[SF11] of a living process holds; it counts for nothing once that process was killed', async () => {
    const path = join(temporaryFolder(), 'gala.flyrail');
    const child = spawn('sleep', ['60']);
    const gone = once(child, 'exit');
    writeFileSync(await markerPath(path), JSON.stringify({ pid: child.pid, host }));
    expect(await openElsewhere(path)).toEqual({ pid: child.pid, host });
    await setMarker(path);
    await removeMarker(path);
    expect(await openElsewhere(path)).toEqual({ pid: child.pid, host });
    child.kill('SIGKILL');
    await gone;
    expect(await openElsewhere(path)).toBeNull();
    await setMarker(path);
    expect(JSON.parse(readFileSync(await markerPath(path), 'utf8'))).toEqual({ pid: process.pid, host });
  });

  it('[SF11] of another machine is believed, and nonsense is not', async () => {
    const path = join(temporaryFolder(), 'gala.flyrail');
    writeFileSync(await markerPath(path), JSON.stringify({ pid: 1, host: 'some-other-machine' }));
    expect(await openElsewhere(path)).toEqual({ pid: 1, host: 'some-other-machine' });
    for (const nonsense of ['', '{', '[]', '{"pid":-1,"host":"x"}', 'x'.repeat(10_000)]) {
      writeFileSync(await markerPath(path), nonsense);
      expect(await openElsewhere(path)).toBeNull();
    }
  });

  it('[SF11] stands beside the file itself, whatever links lead to it, also before it is written', async () => {
    const folder = temporaryFolder();
    const [real, link, deep] = [join(folder, 'real.flyrail'), join(folder, 'link.flyrail'), join(folder, 'deep')];
    mkdirSync(join(folder, 'true'));
    symlinkSync(join(folder, 'true'), deep);
    writeFileSync(real, '');
    symlinkSync(real, link);
    writeFileSync(await markerPath(link), JSON.stringify({ pid: 1, host: 'some-other-machine' }));
    for (const path of [real, link]) expect(await openElsewhere(path)).toMatchObject({ pid: 1 });
    await setMarker(join(deep, 'new.flyrail'));
    expect(readdirSync(join(folder, 'true'))).toEqual(['.new.flyrail.open']);
    await removeMarker(join(folder, 'true', 'new.flyrail'));
    expect(readdirSync(join(folder, 'true'))).toEqual([]);
  });

  it('[SF16] waits for no pipe in its place', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no pipes among its files');
    const path = join(temporaryFolder(), 'gala.flyrail');
    execFileSync('mkfifo', [await markerPath(path)]);
    expect(await openElsewhere(path)).toBeNull();
    await setMarker(path);
    await removeMarker(path);
  });

  it('[SF11] is left out where it cannot be written', async () => {
    const path = join(temporaryFolder(), 'nowhere', 'gala.flyrail');
    await setMarker(path);
    await removeMarker(path);
    expect(await openElsewhere(path)).toBeNull();
  });
});
