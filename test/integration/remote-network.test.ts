import { accessRulesSchema } from '../../src-main/contract/access-rules.ts';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get as tlsGet, request as tlsRequest } from 'node:https';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { isFromHere } from '../../src-main/engine/page-origin.ts';
import { openInterface } from '../../src-main/engine/remote/interface-host.ts';
import type { RemoteServer } from '../../src-main/engine/remote-server.ts';
import { openCertificates } from '../../src-main/platform/certificates.ts';
import { createDoorFile, readDoorFile } from '../../src-main/platform/door-file.ts';
import { openAccessFile } from '../../src-main/platform/access-file.ts';
import type { EngineSettings } from '../../src-main/ports/engine-settings.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ask, startRemote } from './remote-scene.ts';

describe('the interface beyond this machine', () => {
  it('[RS22] answers to its own address and to this machine, and to no other name', async () => {
    const scene = await startRemote({ host: '127.0.0.2' });
    const { port } = scene.server;
    expect(scene.server.where()).toEqual({
      reach: 'network',
      urls: [{ card: '', url: `http://127.0.0.2:${port}/` }],
      encrypted: false,
    });
    expect((await ask(scene, '/')).status).toBe(200);
    expect((await ask({ ...scene, origin: `http://127.0.0.1:${port}` }, '/')).status).toBe(200);
    for (const host of [`127.0.0.3:${port}`, `rebound.example:${port}`, '127.0.0.2', `127.0.0.2:${port + 1}`])
      expect((await ask(scene, '/', { headers: { host } })).status, host).toBe(403);
  });

  it('[RS22] takes the secret, and gives the figures, on this machine alone', () => {
    const from = (remoteAddress: string) => isFromHere({ socket: { remoteAddress } });
    expect(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'].map(from)).toEqual([true, true, true, true]);
    expect(['192.168.1.9', '::ffff:10.0.0.1', 'fe80::1', '', '1127.0.0.1'].map(from).some(Boolean)).toBe(false);
  });

  it('[RS23] speaks TLS 1.2 and up with the certificate, and its cookie is Secure and of this host alone', async () => {
    const folder = temporaryFolder();
    const names = ['localhost', '127.0.0.1'];
    const made = await openCertificates({ folder, authorityName: 'Test', names, now: Date.now() });
    const scene = await startRemote({ identity: made.server });
    const { port } = scene.server;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = tlsGet({ host: '127.0.0.1', port, path: '/', ca: made.authority }, resolve);
      call.on('error', reject);
    });
    answer.resume();
    expect(answer.statusCode).toBe(200);
    const old = tlsConnect({ host: '127.0.0.1', port, ca: made.authority, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
    await expect(
      new Promise((resolve, reject) => {
        old.on('secureConnect', resolve);
        old.on('error', reject);
      }),
    ).rejects.toThrow();
    const cookie = await new Promise<string>((resolve) => {
      const body = JSON.stringify({ secret: scene.keys.secret() });
      const headers = { origin: scene.origin, 'content-length': body.length };
      const options = { host: '127.0.0.1', port, path: '/session', method: 'POST', headers, ca: made.authority };
      tlsRequest(options, (response) => {
        resolve(response.headers['set-cookie']?.[0] ?? '');
      }).end(body);
    });
    expect(cookie).toMatch(/^__Host-flyrail-\d+=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=\/; Secure$/);
  });

  it('[RS21] is not opened while nobody could log in, from the command line or the window', async () => {
    const file = openAccessFile(join(temporaryFolder(), 'access.json'));
    const started: string[] = [];
    const open = (
      asked: { host: string; encrypted: boolean } | undefined,
      kept = { network: false, encrypted: false },
    ) => {
      let settings: EngineSettings = {
        allowedOrigins: [],
        doors: [],
        accessRules: accessRulesSchema.parse({}),
        recentShows: [],
        interface: kept,
      };
      return openInterface({
        ...{ clock: new SimulatedClock(), asked, least: '127.0.0.1', file, log: silentLog, onChange: () => undefined },
        settings: {
          current: () => settings,
          update: async (change) => {
            settings = { ...settings, ...change };
            return Promise.resolve();
          },
        },
        start: (host, encrypted) => {
          started.push(`${host} ${encrypted}`);
          return Promise.resolve({ leave: () => undefined, stop: () => Promise.resolve() } as RemoteServer);
        },
      });
    };
    await expect(open({ host: '0.0.0.0', encrypted: false })).rejects.toMatchObject({ code: 'no-login' });
    const host = await open(undefined);
    await expect(host.setReach({ network: true, encrypted: true })).rejects.toMatchObject({ code: 'no-login' });
    expect(started).toEqual(['127.0.0.1 false']);
    // What the window left is no reason not to start.
    await open(undefined, { network: true, encrypted: true });
    expect(started).toEqual(['127.0.0.1 false', '127.0.0.1 false']);
    await file.update((records) => ({ ...records, setup: 's', pins: { view: { record: 'r', setAt: 1 as never } } }));
    await host.setReach({ network: true, encrypted: true });
    await host.setReach({ network: false, encrypted: false });
    expect(started.slice(2)).toEqual(['0.0.0.0 true', '127.0.0.1 false']);
  });

  it('[RS15] says in the data folder where it is and what lets in, for its owner alone, as long as it runs', async () => {
    const path = join(temporaryFolder(), 'interface.json');
    const door = createDoorFile(path, 'key');
    await door.write('http://127.0.0.1:7380/#one-time');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain('one-time');
    expect(readDoorFile(path)).toEqual({ url: 'http://127.0.0.1:7380', key: 'key' });
    door.remove();
    expect(() => readDoorFile(path)).toThrow('No Flyrail with an interface runs');
  });
});
