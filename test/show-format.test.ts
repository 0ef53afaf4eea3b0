import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { formatShow, parseShow } from '../src-main/contract/parse-show.ts';
import { showFormat } from '../src-main/contract/show.ts';
import { formatShowFile, parseShowFile, showApplicationId } from '../src-main/platform/show-file.ts';
import { readShowJson } from '../src-main/platform/show-json.ts';

const root = join(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'docs/show-format.md'), 'utf8');

describe('the description of the show format', () => {
  it('[SX12] has a JSON Schema that is made from the schema the code validates with', () => {
    const made = execFileSync(process.execPath, [join(root, 'scripts/generate-show-schema.mjs'), '--print'], {
      encoding: 'utf8',
    });
    // If this fails: npx node scripts/generate-show-schema.mjs
    expect(readFileSync(join(root, 'resources/show.schema.json'), 'utf8')).toBe(made);
  });

  it('[SX13] has an example with an OSC bridge, an sACN bridge and two mappings, which imports and comes back', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
    const show = parseShow(JSON.parse(example));
    expect(show.bridges.map(({ kind }) => kind)).toEqual(['osc', 'sacn']);
    expect(show.mappings).toHaveLength(2);
    expect(parseShowFile(formatShowFile(show), 'example').document).toEqual(show);
  });

  it('[SX13] has the tables as they are', () => {
    const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(guide) ?? [];
    const described = new Database(':memory:').exec(sql);
    const real = new Database(formatShowFile(parseShow(JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''))));
    for (const table of ['show', 'object']) {
      const columns = (db: Database.Database) => db.pragma(`table_xinfo(${table})`);
      expect(columns(described)).toEqual(columns(real));
    }
    expect(guide).toContain(`| \`application_id\` | ${showApplicationId},`);
    expect(guide).toContain(`the format of the show, ${showFormat} `);
  });

  it('[SX13] quotes the line that an error gives', () => {
    const [, place, expected] =
      /flyrail: \/shows\/gala\.json: (mappings\[1\]\.target\.address): (.*)\n/.exec(guide) ?? [];
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
    const broken = JSON.parse(example.replace('"address": "/sacn/2/{1}", ', '')) as unknown;
    expect(() => parseShow(broken)).toThrow(`${place}: ${expected}`);
  });

  it('[SX14] holds for the demo show: valid, as exported, and sending to this machine only', async () => {
    const path = join(root, 'resources/shows/demo.json');
    const demo = await readShowJson(path);
    expect(demo.id).toBe('demo');
    expect(readFileSync(path, 'utf8')).toBe(formatShow(demo));
    for (const { kind, settings } of demo.bridges) {
      if (kind === 'clasp' || kind === 'artnet') throw new Error('The demo has none of these.');
      const hosts =
        kind === 'osc' ? [settings.listenHost, settings.remoteHost] : [...settings.unicastTo, settings.networkCard];
      expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
      if (kind === 'sacn') expect(settings.mode).toBe('unicast');
    }
  });
});
