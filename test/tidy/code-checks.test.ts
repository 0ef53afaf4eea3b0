import { describe, expect, it } from 'vitest';
import { findBannedCalls } from './banned-calls.ts';
import { findUncaptured, findUnreadCaptures } from './captures.ts';
import { findUnproven } from './conformance.ts';
import { findLeftovers } from './leftovers.ts';
import { findBadNames } from './names.ts';
import { findOversize } from './sizes.ts';
import { findUntested } from './untested.ts';

const core = (text: string) => [{ path: 'src-main/core/cue/go.ts', text }];
const lines = (count: number) => 'void 0;\n'.repeat(count);

describe('banned calls', () => {
  it.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date'],
    ['Math.random()', 'Math.random'],
    ['setTimeout(run, 1)', 'setTimeout'],
    ['process.env', 'process'],
    ["Buffer.from('')", 'Buffer'],
  ])('[RP15] finds %s in the core', (code, name) => {
    expect(findBannedCalls(core(`\nexport const x = ${code};`))).toEqual([`src-main/core/cue/go.ts:2: ${name}`]);
  });
  it('[RP15] lets the same pass elsewhere, as a member, a type, a parameter, and in words', () => {
    const innocent =
      '// Date.now\nexport function run(process: () => void, clock: { setTimeout(): void }) { process(); clock.setTimeout(); }';
    expect(
      findBannedCalls([...core(innocent), { path: 'src-main/platform/system-clock.ts', text: 'Date.now()' }]),
    ).toEqual([]);
  });
});

describe('leftovers', () => {
  it.each(['TO' + 'DO later', '// fix' + 'me', 'no' + 'commit'])('[RP16] finds %s', (mark) => {
    expect(findLeftovers(core(`const a = 1;\n// ${mark}`))).toHaveLength(1);
  });
  it('[RP16] finds a test that switches off the others', () => {
    for (const word of ['only', 'skipIf(isOld)', 'runIf(isNew)'])
      expect(findLeftovers([{ path: 'test/core/go.test.ts', text: `it.${word}('x', run)` }])).toHaveLength(1);
  });
  it('[RP16] lets words pass that only contain a mark', () => {
    expect(findLeftovers(core('const mastodon = todos;'))).toEqual([]);
  });
});

describe('sizes', () => {
  it('[RP17] finds a long file, a long function and a long parameter list', () => {
    const text = `export function go(a, b, c, d) {\n${lines(60)}}\n${lines(339)}`;
    expect(findOversize(core(text))).toEqual([
      'src-main/core/cue/go.ts: 401 lines, at most 400',
      'src-main/core/cue/go.ts:1: function of 62 lines, at most 60',
      'src-main/core/cue/go.ts:1: 4 parameters, at most 3; take one options object',
    ]);
  });
  it('[RP17] lets the longest allowed pass, and more parameters inside a file', () => {
    const text = `export function go(a, b, c) {\n${lines(58)}}\nfunction put(a, b, c, d, e) {}\n${lines(339)}`;
    expect(findOversize(core(text))).toEqual([]);
  });
  it('[RP17] measures scripts of components at their lines', () => {
    const text = `<p>hello</p>\n<script lang="ts">\n  const go = () => {\n${lines(60)}  };\n</script>`;
    expect(findOversize([{ path: 'src-renderer/cues/Go.svelte', text }])).toEqual([
      'src-renderer/cues/Go.svelte:3: function of 62 lines, at most 60',
    ]);
  });
  it('[RP17] counts a suite as a file and a test as a function', () => {
    const text = `describe('x', () => {\n  it('y', () => {\n${lines(60)}  });\n});`;
    expect(findOversize([{ path: 'test/core/go.test.ts', text }])).toEqual([
      'test/core/go.test.ts:2: function of 62 lines, at most 60',
    ]);
  });
});

describe('names', () => {
  it.each([
    'src-main/core/cue/cueUtils.ts',
    'src-main/engine/helpers/go.ts',
    'src-main/engine/show-manager.ts',
    'src-main/engine/index.ts',
    'src-main/core/cue/GoCue.ts',
    'src-main/core/Cue/go.ts',
    'src-renderer/cues/go-button.svelte',
  ])('[RP18] refuses %s', (path) => {
    expect(findBadNames([{ path, text: '' }])).toHaveLength(1);
  });
  it.each([
    'src-main/core/router/subscriptions/subscription-index.ts',
    'src-renderer/cues/GoButton.svelte',
    'src-renderer/cues/cue-list.svelte.ts',
    'src-main/DECISIONS.md',
    'tsconfig.base.json',
    'test/core/dmx/e131.test.ts',
  ])('[RP18] accepts %s', (path) => {
    expect(findBadNames([{ path, text: '' }])).toEqual([]);
  });
});

describe('a test for each file', () => {
  const source = { path: 'src-main/core/cue/go.ts', text: 'export function go() {}' };
  it('[RP19] finds a file with a function that no test names or imports', () => {
    expect(
      findUntested([
        source,
        { path: 'test/core/cue/stop.test.ts', text: "import { stop } from '../../../src-main/core/cue/stop.ts';" },
      ]),
    ).toEqual([source.path]);
  });
  it('[RP19] does not take a type for a test', () => {
    const test = {
      path: 'test/core/cue/stop.test.ts',
      text: "import type { Go } from '../../../src-main/core/cue/go.ts';",
    };
    expect(findUntested([source, test])).toEqual([source.path]);
  });
  it.each([
    { path: 'test/core/cue/go.test.ts', text: '' },
    { path: 'test/core/cue/go.hostile.test.ts', text: '' },
    { path: 'test/core/cues.test.ts', text: "import { go } from '../../src-main/core/cue/go.ts';" },
  ])('[RP19] accepts $path', (test) => {
    expect(findUntested([source, test])).toEqual([]);
  });
  it('[RP19] asks nothing of files without a function', () => {
    expect(
      findUntested([
        { path: 'src-main/core/cue/limits.ts', text: 'export const cuesMax = 9;\nexport interface Go { run(): void }' },
      ]),
    ).toEqual([]);
  });
});

describe('a conformance suite for each adapter', () => {
  const bridge = { path: 'src-main/bridges/osc/osc-bridge.ts', text: '' };
  const uses = "import { describeBridge } from '../../conformance/bridge.ts';\n";
  it('[RP20] finds an adapter whose tests do not run it', () => {
    const test = {
      path: 'test/bridges/osc/osc.test.ts',
      text: "import { x } from '../../../src-main/bridges/osc/osc-bridge.ts';",
    };
    expect(findUnproven([bridge, test])).toHaveLength(1);
  });
  it('[RP20] does not let one adapter stand for another', () => {
    const test = {
      path: 'test/bridges/sacn/sacn.test.ts',
      text: `${uses}import { x } from '../../../src-main/bridges/sacn/sacn-bridge.ts';`,
    };
    expect(findUnproven([bridge, test])).toHaveLength(1);
  });
  it('[RP20] accepts one that does', () => {
    const test = {
      path: 'test/bridges/osc/osc.test.ts',
      text: `${uses}import { x } from '../../../src-main/bridges/osc/osc-bridge.ts';`,
    };
    expect(findUnproven([bridge, test])).toEqual([]);
  });
});

describe('captures of each kind of bridge', () => {
  const json = 'test/fixtures/captures/dmx-usb.json';
  const catalogue = { path: 'src-main/bridges/catalogue.ts', text: "x = {\n  'dmx-usb': { load: async () => 1 },\n};" };
  const page = (text: string) => ({ path: 'test/fixtures/captures/README.md', text: `# Captures\n\n${text}` });
  const packets = { path: json, text: '{"a": "0fa0", "b": ["00", "01"]}' };

  it('[RP32] are missed where there are none', () => {
    expect(findUncaptured([catalogue])).toEqual([`${json}: no captures of other people's programs`]);
    expect(findUncaptured([catalogue, { path: json, text: '{}' }])).toHaveLength(1);
    expect(findUncaptured([packets])).toEqual([`${catalogue.path}: no kinds of bridges found`]);
  });
  it('[RP32] are named with where they are from, under their own kind', () => {
    const of = (text: string) => findUncaptured([catalogue, packets, page(text)]);
    expect(of('## dmx-usb\n\nSaid.\n\n- `a`, `b`: olad.\n')).toEqual([]);
    expect(of('## osc\n\n- `a`, `b`: olad.\n\n## dmx-usb\n\n- `a`: olad says `b`.\n')).toEqual([
      `${json}: the README does not say where b is from`,
    ]);
  });
  it('[RP32] are bytes', () => {
    const named = page('## dmx-usb\n\n- `a`: olad.\n');
    for (const bytes of ['"0f0"', '"0G"', '""', '["00", "x"]', '[""]'])
      expect(findUncaptured([catalogue, { path: json, text: `{"a": ${bytes}}` }, named])).toHaveLength(1);
  });
  it('[RP33] are missed where no test reads them, or only one with a socket, or of real programs', () => {
    const reads = "import packets from '../../fixtures/captures/dmx-usb.json' with { type: 'json' };";
    const unread = (path: string, text: string) => findUnreadCaptures([catalogue, packets, { path, text }]);
    expect(unread('test/bridges/dmx-usb/pro.test.ts', reads)).toEqual([]);
    expect(unread('test/bridges/dmx-usb/pro.ts', reads)).toEqual([`${json}: no test without sockets reads it`]);
    expect(unread('test/bridges/dmx-usb/pro.test.ts', `${reads}\nimport { connect } from 'node:net';`)).toHaveLength(1);
    expect(unread('test/integration/x/pro.test.ts', reads)).toHaveLength(1);
  });
});
