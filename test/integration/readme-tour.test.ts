import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Receiver } from 'sacn';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { freeUdpPort } from './free-udp-port.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const flyrail = join(root, 'out/main/headless.js');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function block(language: string, holding: string): string {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text ?? '',
  );
  const found = blocks.find((text) => text.includes(holding));
  if (found === undefined) throw new Error(`The README has no ${language} block with ${holding}.`);
  return found;
}

interface Ready {
  readonly clasp: { readonly url: string };
  readonly bridges: readonly { readonly id: string; readonly status: string }[];
}

/** The tour as printed, but for the ports, which a test must not assume to be free. */
describe('the tour of the README', () => {
  let child: ChildProcess | undefined;
  let receiver: Receiver | undefined;
  afterEach(async () => {
    await new Promise((done) => (receiver ? receiver.close(() => done(undefined)) : done(undefined)));
    const ended = child;
    if (!ended || ended.exitCode !== null) return;
    const gone = new Promise((done) => ended.once('exit', done));
    ended.kill('SIGTERM');
    await gone;
  });

  async function startTour(oscPort: number, sacnPort: number): Promise<Ready> {
    const folder = temporaryFolder();
    const [importing = '', serving = ''] = block('sh', 'show import').trim().split('\n');
    const printed = readFileSync(join(root, 'resources/shows/tour.json'), 'utf8');
    const moved = join(folder, 'tour.json');
    writeFileSync(
      moved,
      printed.replace('"listenPort": 8000', `"listenPort": ${oscPort}`).replace('"port": 5568', `"port": ${sacnPort}`),
    );
    const inFolder = (line: string): string[] =>
      line
        .slice(line.indexOf('-- ') + 3)
        .split(' ')
        .map((word) =>
          word.endsWith('.flyrail') ? join(folder, word) : word.replace('resources/shows/tour.json', moved),
        );
    await run(process.execPath, [flyrail, ...inFolder(importing)]);
    const flags = ['--json', '--port', '0', '--ui-port', '0', '--data', join(folder, 'data')];
    child = spawn(process.execPath, [flyrail, ...inFolder(serving), ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    return new Promise((done) => {
      lines.once('line', (line) => {
        done(JSON.parse(line) as Ready);
      });
    });
  }

  function watchLamps(port: number): Record<number, number> {
    const slots: Record<number, number> = {};
    receiver = new Receiver({ universes: [1], port, reuseAddr: true, iface: '127.0.0.1' });
    // The package gives levels in percent.
    receiver.on('packet', (packet) => {
      for (const slot of [1, 2]) slots[slot] = Math.round(((packet.payload[slot] ?? 0) * 255) / 100);
    });
    return slots;
  }

  it('[RP30] moves lamp 1 from the printed CLASP program and lamp 2 from the printed oscsend', async ({ skip }) => {
    skip(!hasProgram('oscsend'), notInstalled('oscsend', 'liblo-tools'));
    const [oscPort, sacnPort] = [await freeUdpPort(), await freeUdpPort()];
    const slots = watchLamps(sacnPort);
    const ready = await startTour(oscPort, sacnPort);
    expect(ready.bridges).toMatchObject([
      { id: 'phone', status: 'connected' },
      { id: 'lamps', status: 'connected' },
    ]);

    const program = block('js', '@clasp-to/core').replace('ws://127.0.0.1:7330', ready.clasp.url);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
    expect(stdout).toContain('/sacn/1/1 is now 0.5');
    await until('slot 1 to hold 128', () => slots[1] === 128);

    const [command = '', ...args] = block('sh', 'oscsend').trim().replace('8000', String(oscPort)).split(' ');
    await run(command, args);
    await until('slot 2 to hold 64', () => slots[2] === 64);
    expect(readme).toContain('hold 128 and 64');
  });
});
