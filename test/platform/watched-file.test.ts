import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { lookEvery, watchFile, type WatchedFileOptions } from '../../src-main/platform/watched-file.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

async function followed(change: Partial<WatchedFileOptions> = {}) {
  const path = change.path ?? join(temporaryFolder(), 'file');
  const heard: string[] = [];
  const clock = createSystemClock();
  const stop = await watchFile({
    ...{ path, bytesMax: 1000, settle: millis(0), clock },
    onContent: (bytes) => heard.push(bytes?.toString() ?? 'nothing'),
    onFault: () => heard.push('fault'),
    ...change,
  });
  onTestFinished(stop);
  return { path, heard, stop };
}

const replace = (path: string, text: string): void => {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
};

describe('a watched file', () => {
  it('[TK16] is heard as it is, when it comes, is replaced, goes and cannot be read', async () => {
    const { path, heard } = await followed();
    expect(heard).toEqual(['nothing']);
    for (const text of ['one', 'two', 'six']) {
      replace(path, text);
      await until(text, () => heard.at(-1) === text);
    }
    rmSync(path);
    await until('nothing', () => heard.at(-1) === 'nothing');
    mkdirSync(path);
    await until('a fault', () => heard.at(-1) === 'fault');
    rmSync(path, { recursive: true });
    replace(path, 'x'.repeat(1001));
    await until('another fault', () => heard.filter((each) => each === 'fault').length === 2);
    replace(path, 'back');
    await until('back', () => heard.at(-1) === 'back');
  });

  it('[TK16] is looked at every two seconds where the system tells nothing, and not after its end', async () => {
    const clock = new SimulatedClock();
    const folder = temporaryFolder();
    const [path, target] = [join(folder, 'link'), join(folder, 'there')];
    writeFileSync(target, 'one');
    symlinkSync(target, path);
    const { heard, stop } = await followed({ path, clock, notices: () => () => undefined });
    replace(target, 'two');
    clock.advance(lookEvery - 1);
    expect(heard).toEqual(['one']);
    clock.advance(1);
    await until('two', () => heard.at(-1) === 'two');
    await until('the next look', () => clock.waiting === 1);
    stop();
    expect(clock.waiting).toBe(0);
  });

  it('[TK15] is not read while it is still being written in place', async () => {
    const clock = new SimulatedClock();
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, 'one');
    let notice: () => void = () => undefined;
    const notices: WatchedFileOptions['notices'] = (_folder, onChange) => {
      notice = () => onChange('file');
      return () => undefined;
    };
    const { heard } = await followed({ path, clock, notices, settle: millis(150) });
    writeFileSync(path, 't');
    notice();
    await until('it waits', () => clock.waiting === 2);
    for (const part of ['tw', 'two']) {
      writeFileSync(path, part);
      clock.advance(150);
      await until('it waits anew', () => clock.waiting === 2);
    }
    expect(heard).toEqual(['one']);
    clock.advance(150);
    await until('the whole', () => heard.length > 1);
    expect(heard).toEqual(['one', 'two']);
  });
});
