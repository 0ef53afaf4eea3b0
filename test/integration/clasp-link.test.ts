import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { claspBridgeSchema } from '../../src-main/contract/bridges/clasp.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { freePort } from '../free-port.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand, startServe } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';

function run(args: readonly string[], input = ''): { readonly status: number | null; readonly stdout: string } {
  return spawnSync(process.execPath, [builtCommand, ...args], { input, encoding: 'utf8' });
}

it('[LK14] two built routers have the same after the far one was killed, with a token and the official client', async () => {
  const [nearData, farData, shows] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const port = await freePort();
  const token = (JSON.parse(run(['token', 'create', '--json', '--data', farData]).stdout) as { token: string }).token;
  const startFar = () => startServe(farData, ['--port', String(port), '--auth']);
  const far = startFar();
  await far.ready();
  const url = `ws://127.0.0.1:${port}/clasp`;
  const settings = { url, prefix: '/far', secretName: 'far-token' };
  const link = { id: 'far', number: 1, name: 'Far', enabled: true, kind: 'clasp', settings };
  const document = { ...emptyShow('gala', 'Gala'), bridges: [claspBridgeSchema.parse(link)] };
  writeFileSync(join(shows, 'gala.json'), JSON.stringify(document));
  const show = join(shows, 'gala.flyrail');
  expect(run(['show', 'import', join(shows, 'gala.json'), '--out', show]).status).toBe(0);
  expect(run(['secret', 'set', 'far-token', '--data', nearData], `${token}\n`).status).toBe(0);

  const near = startServe(nearData, ['--show', show]);
  const { clasp, bridges } = await near.ready();
  expect(bridges).toMatchObject([{ id: 'far', kind: 'clasp', url, status: 'connected' }]);
  const there = await connectClient(url, { token });
  const here = await connectClient(clasp.url);
  there.set('/there', 0.25);
  here.set('/far/given', 0.5);
  const isAt = (at: typeof here, address: string, value: unknown) => () => at.cached(address) === value;
  there.on('/given', () => undefined);
  here.on('/far/**', () => undefined);
  await until('what is given', isAt(there, '/given', 0.5));
  await until('what is taken', isAt(here, '/far/there', 0.25));

  await far.stop('SIGKILL');
  here.set('/far/given', 0.75);
  const again = startFar();
  await again.ready();
  const later = await connectClient(url, { token });
  later.on('/given', () => undefined);
  await until('what changed meanwhile', isAt(later, '/given', 0.75));
  later.set('/there', 1);
  await until('what is set now', isAt(here, '/far/there', 1));

  for (const client of [there, here, later]) client.close();
  await near.stop();
  const told = near.stdout() + near.stderr() + run(['show', 'export', show]).stdout;
  expect(told).not.toContain(token);
  for (const name of readdirSync(nearData, { recursive: true, withFileTypes: true }))
    if (name.isFile() && name.name !== 'secrets.json')
      expect(readFileSync(join(name.parentPath, name.name)).includes(token), name.name).toBe(false);
});
