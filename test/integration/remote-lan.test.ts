import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand, runFlyrail, startFlyrail } from './flyrail-process.ts';
import { canMakeNamespaces, ip, noNamespaces } from './network-namespace.ts';

const run = promisify(execFile);
const hall = `frdesk${process.pid}`;
const phone = `frtab${process.pid}`;
const isPossible = await canMakeNamespaces();
const child = fileURLToPath(new URL('remote-lan-child.ts', import.meta.url));

describe('the interface from another machine', () => {
  skipUnless(isPossible, noNamespaces);

  beforeAll(async () => {
    if (!isPossible) return;
    for (const namespace of [hall, phone]) await ip('netns', 'add', namespace);
    await ip('link', 'add', 'lan', 'netns', hall, 'type', 'veth', 'peer', 'name', 'lan', 'netns', phone);
    for (const [i, namespace] of [hall, phone].entries()) {
      await ip('-n', namespace, 'address', 'add', `10.79.0.${i + 1}/24`, 'dev', 'lan');
      await ip('-n', namespace, 'link', 'set', 'lan', 'up');
      await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    }
  }, 60_000);

  afterAll(async () => {
    if (!isPossible) return;
    for (const namespace of [hall, phone]) await ip('netns', 'delete', namespace);
  });

  it('[RS22] is reached and logged in to by PIN; secret, figures and other names are worth nothing there', async () => {
    const data = temporaryFolder();
    const made = await runFlyrail(['access', 'pin', 'set', '--role', 'view', '--json', '--data', data]);
    const { pin } = JSON.parse(made.stdout) as { pin: string };
    const flags = [
      'serve',
      '--json',
      '--port',
      '0',
      '--ui-port',
      '0',
      '--metrics',
      '--ui-host',
      '0.0.0.0',
      '--data',
      data,
    ];
    const serving = startFlyrail(flags, { command: command(hall) });
    await until('it is ready', () => serving.stdout().includes('\n'));
    const { ui } = JSON.parse(serving.stdout().split('\n')[0] ?? '') as {
      ui: { url: string; urls: string[]; warning?: string };
    };
    expect(ui.urls).toEqual([expect.stringMatching(/^http:\/\/10\.79\.0\.1:\d+\/$/)]);
    expect(ui.warning).toContain('without TLS');
    const { origin } = new URL(ui.urls[0] ?? '');
    const args = ['netns', 'exec', phone, process.execPath, child, origin, pin, new URL(ui.url).hash.slice(1)];
    const { stdout } = await run('ip', args);
    expect(JSON.parse(stdout)).toEqual({
      page: 200,
      metrics: 404,
      secret: 403,
      rebound: 403,
      loopbackName: 200,
      login: 200,
      session: 204,
    });
    expect(serving.stdout() + serving.stderr()).not.toContain(pin);
    await serving.stop();
  });
});

function command(namespace: string): string[] {
  return ['ip', 'netns', 'exec', namespace, process.execPath, builtCommand];
}
