import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainEnv, repository } from './fixture-repository.ts';
import { runProgram } from './run-program.ts';

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** What the architecture's table forbids: rule, file, its only lines. */
const bad: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['contract', 'src-main/contract/reads-files.ts', "import 'node:fs';"],
  ['contract', 'src-main/contract/knows-core.ts', "import '../core/rule.ts';"],
  ['contract', 'src-main/contract/knows-package.ts', "import 'ws';"],
  ['contract-birpc-in-rpc-only', 'src-main/contract/calls-birpc.ts', "import 'birpc';"],
  ['ports', 'src-main/ports/knows-core.ts', "import type { Rule } from '../core/rule.ts';"],
  ['core', 'src-main/core/opens-sockets.ts', "import 'node:net';"],
  ['core', 'src-main/core/knows-platform.ts', "import '../platform/place.ts';"],
  ['core', 'src-main/core/knows-package.ts', "import 'ws';"],
  ['platform', 'src-main/platform/knows-core.ts', "import '../core/rule.ts';"],
  ['platform', 'src-main/platform/knows-engine.ts', "import '../engine/part.ts';"],
  ['workers', 'src-main/workers/knows-bridge.ts', "import '../bridges/sacn/door.ts';"],
  ['workers', 'src-main/workers/knows-engine.ts', "import '../engine/part.ts';"],
  ['transports', 'src-main/transports/tcp/knows-router.ts', "import '../../core/router/router.ts';"],
  ['transports', 'src-main/transports/tcp/knows-another.ts', "import '../udp/door.ts';"],
  ['bridges', 'src-main/bridges/osc/knows-router.ts', "import '../../core/router/router.ts';"],
  ['bridges', 'src-main/bridges/osc/knows-another.ts', "import type { Door } from '../sacn/door.ts';"],
  ['bridges', 'src-main/bridges/osc/knows-engine.ts', "import '../../engine/part.ts';"],
  ['links-and-gateways', 'src-main/gateways/ably/knows-dmx.ts', "import '../../core/dmx/slots.ts';"],
  ['gateways-shared', 'src-main/gateways/knows-another.ts', "import './ably/door.ts';"],
  ['links-and-gateways', 'src-main/links/ably/knows-gateway.ts', "import '../../gateways/ably/door.ts';"],
  ['catalogues', 'src-main/bridges/catalogue.ts', "import '../engine/part.ts';"],
  ['engine', 'src-main/engine/knows-shell.ts', "import '../shell/window.ts';"],
  ['engine', 'src-main/cli/knows-renderer.ts', "import '../../src-renderer/engine/link.ts';"],
  ['shell', 'src-main/shell/knows-renderer.ts', "import '../../src-renderer/engine/link.ts';"],
  ['shell', 'src-main/shell/knows-core.ts', "import '../core/rule.ts';"],
  ['preload', 'src-preload/knows-engine.ts', "import '../src-main/engine/part.ts';"],
  ['preload', 'src-preload/knows-node.ts', "import 'node:fs';"],
  ['renderer', 'src-renderer/cues/knows-engine.ts', "import '../../src-main/engine/part.ts';"],
  ['renderer', 'src-renderer/cues/KnowsCore.svelte', script("import '../../src-main/core/rule.ts';")],
  ['renderer-areas', 'src-renderer/cues/knows-area.ts', "import '../devices/list.ts';"],
  ['renderer-areas', 'src-renderer/cues/KnowsArea.svelte', script("import '../devices/list.ts';")],
  ['renderer-shared', 'src-renderer/widgets/knows-area.ts', "import '../devices/list.ts';"],
  ['renderer-runs-in-a-browser', 'src-renderer/cues/reads-files.ts', "import 'node:fs';"],
  ['nobody-imports-test', 'scripts/uses-test.mjs', "import '../test/tool.ts';"],
  ['electron-in-shell-and-preload-only', 'src-main/platform/types-electron.ts', "import type { App } from 'electron';"],
  ['headless-never-reaches-electron', 'src-main/headless.ts', "import './cli/reaches-electron.ts';"],
  ['electron-in-shell-and-preload-only', 'src-main/cli/reaches-electron.ts', "import 'electron';"],
  ['production-needs-no-dev-dependency', 'src-main/engine/uses-dev.ts', "import 'sacn';"],
  ['packages-are-declared', 'src-main/engine/uses-undeclared.ts', "import 'acorn';"],
  ['imports-resolve', 'src-main/engine/dreams.ts', "import './nowhere.ts';"],
  ['no-cycles', 'src-main/engine/left.ts', "import './right.ts';"],
  ['no-dead-files', 'src-main/core/dead.ts', 'export const dead = 1;'],
];

/** What the table allows, and what the bad ones reach for. */
const good: Readonly<Record<string, string>> = {
  'src-main/contract/word.ts': "import 'zod';",
  'src-main/contract/rpc.ts': "import 'birpc'; import './word.ts';",
  'src-main/ports/port.ts': "import type { Word } from '../contract/word.ts';",
  'src-main/core/rule.ts':
    "import '../contract/word.ts'; import type { Port } from '../ports/port.ts'; import '@msgpack/msgpack';",
  'src-main/core/router/router.ts': "import '../rule.ts';",
  'src-main/core/dmx/slots.ts': "import '../rule.ts';",
  'src-main/core/protocol/frame.ts': "import '../rule.ts';",
  'src-main/core/retry/backoff.ts': "import '../rule.ts';",
  'src-main/core/discovery/registry.ts': "import '../rule.ts';",
  'src-main/platform/place.ts': "import 'node:fs'; import 'pino'; import '../contract/word.ts';",
  'src-main/workers/work.ts':
    "import 'node:worker_threads'; import '../platform/place.ts'; import '../transports/udp/door.ts';",
  'src-main/transports/tcp/door.ts':
    "import 'node:net'; import '../../core/protocol/frame.ts'; import './knows-router.ts';",
  'src-main/transports/udp/door.ts': "import 'node:dgram'; import '../../platform/place.ts';",
  'src-main/bridges/sacn/door.ts':
    "import '../../core/dmx/slots.ts'; import '../../core/retry/backoff.ts'; import 'node:dgram';",
  'src-main/gateways/ably/door.ts':
    "import '../../core/retry/backoff.ts'; import '../../core/discovery/registry.ts'; import 'ws';",
  'src-main/engine/part.ts':
    "import '../core/router/router.ts'; import '../bridges/sacn/door.ts'; import '../transports/udp/door.ts';",
  'src-main/engine/right.ts': "import './left.ts';",
  'src-main/shell/window.ts': "import 'electron'; import '../contract/word.ts'; import '../engine/part.ts';",
  'src-preload/index.ts': "import 'electron'; import '../src-main/contract/word.ts';",
  'src-renderer/main.ts': "import './devices/List.svelte'; import 'svelte';",
  'src-renderer/engine/link.ts': "import '../../src-main/contract/word.ts';",
  'src-renderer/devices/list.ts': "import '../engine/link.ts';",
  'src-renderer/devices/List.svelte': script(
    "import './list.ts'; import type { Word } from '../../src-main/contract/word.ts';",
  ),
  'test/tool.ts': "import '../src-main/core/rule.ts';",
};

let folder: string;
let violations: z.infer<typeof report>['summary']['violations'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flyrail-rules-'));
  for (const file of ['package.json', '.dependency-cruiser.mjs']) cpSync(join(repository, file), join(folder, file));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const texts = [
    ...Object.entries(good),
    ...bad.map(([, path, text]) => [path, text] as const),
    ['tsconfig.node.json', '{}'] as const,
  ];
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const cruiser = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const line = [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'src-main',
    'src-preload',
    'src-renderer',
    'test',
    'scripts',
  ];
  const { stdout } = await runProgram([process.execPath, cruiser, ...line], { cwd: folder, env: plainEnv() });
  violations = report.parse(JSON.parse(stdout)).summary.violations;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('who imports whom', () => {
  it.each(bad)('[RP13] %s: refuses %s', (rule, path) => {
    expect(violations.filter(({ from }) => from === path).map(({ rule: { name } }) => name)).toContain(rule);
  });
  it('[RP13] allows what the table allows', () => {
    expect(violations.filter(({ from }) => from in good)).toEqual([]);
  });
});

function script(code: string): string {
  return `<script lang="ts">\n  ${code}\n</script>\n\n<p>cue</p>\n`;
}
