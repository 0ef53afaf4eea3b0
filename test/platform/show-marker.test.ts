import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
    expect(JSON.parse(readFileSync(markerPath(path), 'utf8'))).toEqual({ pid: process.pid, host });
    expect(await openElsewhere(path)).toBeNull();
    await removeMarker(path);
    expect(existsSync(markerPath(path))).toBe(false);
  });

  it('[SF11] of a living process holds; it counts for nothing once that process was killed', async () => {
    const path = join(temporaryFolder(), 'gala.flyrail');
    const child = spawn('sleep', ['60']);
    const gone = once(child, 'exit');
    writeFileSync(markerPath(path), JSON.stringify({ pid: child.pid, host }));
    expect(await openElsewhere(path)).toEqual({ pid: child.pid, host });
    await setMarker(path);
    await removeMarker(path);
    expect(await openElsewhere(path)).toEqual({ pid: child.pid, host });
    child.kill('SIGKILL');
    await gone;
    expect(await openElsewhere(path)).toBeNull();
    await setMarker(path);
    expect(JSON.parse(readFileSync(markerPath(path), 'utf8'))).toEqual({ pid: process.pid, host });
  });

  it('[SF11] of another machine is believed, and nonsense is not', async () => {
    const path = join(temporaryFolder(), 'gala.flyrail');
    writeFileSync(markerPath(path), JSON.stringify({ pid: 1, host: 'some-other-machine' }));
    expect(await openElsewhere(path)).toEqual({ pid: 1, host: 'some-other-machine' });
    for (const nonsense of ['', '{', '[]', '{"pid":-1,"host":"x"}', 'x'.repeat(10_000)]) {
      writeFileSync(markerPath(path), nonsense);
      expect(await openElsewhere(path)).toBeNull();
    }
  });

  it('[SF11] is left out where it cannot be written', async () => {
    const path = join(temporaryFolder(), 'nowhere', 'gala.flyrail');
    await setMarker(path);
    await removeMarker(path);
    expect(await openElsewhere(path)).toBeNull();
  });
});
