import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { openEngineSettings } from '../../src-main/platform/engine-settings-file.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const recent = { ref: { name: 'gala' }, name: 'Gala', openedAt: millis(5) };

const accessRules = { asksForTokens: false, rateLimits: { session: null, source: null, patterns: [] } };
const alone = { interface: { network: false, encrypted: false } };

describe('the settings of this machine', () => {
  it('[DC41] keep whether things are looked for on the network, and nothing but the known words', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    await openEngineSettings(path, silentLog).update({ discovery: 'find' });
    expect(openEngineSettings(path, silentLog).current().discovery).toBe('find');
    writeFileSync(path, '{"discovery":"loud"}');
    expect(openEngineSettings(path, silentLog).current().discovery).toBeUndefined();
  });

  it('[SF19] begin empty and are there again after a restart', async () => {
    const path = join(temporaryFolder(), 'engine.json');
    const settings = openEngineSettings(path, silentLog);
    expect(settings.current()).toEqual({ allowedOrigins: [], doors: [], accessRules, recentShows: [], ...alone });
    await Promise.all([settings.update({ allowedOrigins: ['http://a'] }), settings.update({ recentShows: [recent] })]);
    expect(openEngineSettings(path, silentLog).current()).toEqual({
      allowedOrigins: ['http://a'],
      doors: [],
      accessRules,
      recentShows: [recent],
      ...alone,
    });
  });

  it('[SF19] fall back to the defaults when damaged, with a warning, and ask for tokens', () => {
    const path = join(temporaryFolder(), 'engine.json');
    for (const content of ['', '{', '[]', '{"allowedOrigins":5}', '{"recentShows":[{"ref":{}}]}']) {
      writeFileSync(path, content);
      const warnings: string[] = [];
      const settings = openEngineSettings(path, { ...silentLog, warn: (message) => warnings.push(message) });
      const asking = { accessRules: { ...accessRules, asksForTokens: true } };
      expect(settings.current()).toEqual({ allowedOrigins: [], doors: [], recentShows: [], ...alone, ...asking });
      expect(warnings).toHaveLength(1);
    }
  });

  it('[SF19] hold in this process when they cannot be written, and the next write is tried', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const settings = openEngineSettings(join(folder, 'file', 'engine.json'), silentLog);
    await expect(settings.update({ allowedOrigins: ['http://a'] })).rejects.toMatchObject({
      code: 'cannot-write-file',
    });
    expect(settings.current().allowedOrigins).toEqual(['http://a']);
    await expect(settings.update({ recentShows: [recent] })).rejects.toMatchObject({ code: 'cannot-write-file' });
    expect(settings.current()).toEqual({
      allowedOrigins: ['http://a'],
      doors: [],
      accessRules,
      recentShows: [recent],
      ...alone,
    });
  });

  it('[SF19] keep what a later Flyrail wrote beside only as far as it is known', async () => {
    const path = join(temporaryFolder(), 'engine.json');
    writeFileSync(path, JSON.stringify({ allowedOrigins: ['http://a'], later: true }));
    await openEngineSettings(path, silentLog).update({ recentShows: [recent] });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      allowedOrigins: ['http://a'],
      doors: [],
      accessRules,
      recentShows: [recent],
      ...alone,
    });
  });
});
