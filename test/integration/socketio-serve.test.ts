import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { emptyShow } from '../../src-main/contract/show.ts';
import { InProcessServer } from '../bridges/socketio/in-process-server.ts';
import { socketioSettings } from '../bridges/bridge-settings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand, runFlyrail, startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';
import { hasPythonSocketio, PythonSocketio, pythonSocketioMissing } from './python-socketio.ts';
import { writeShow } from './serve-shows.ts';

let hasPython = false;
beforeAll(async () => {
  hasPython = await hasPythonSocketio();
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function python(script: 'client' | 'server', ...args: string[]): PythonSocketio {
  const peer = new PythonSocketio(script, args);
  ends.push(() => peer.kill());
  return peer;
}
async function urlsOf(serving: FlyrailProcess) {
  const { clasp, transports } = await serving.ready();
  const web = transports.find(({ name }) => name === 'http') ?? { url: '' };
  return { clasp: clasp.url, web: web.url };
}
const pub = (clasp: string, address: string, value: string) => runFlyrail(['pub', address, value, '--url', clasp]);
/** What happens there, as lines. */
const watch = (clasp: string): (() => string) => startFlyrail(['sub', '/**', '--url', clasp]).stdout;

describe('Socket.IO clients at flyrail serve', () => {
  it.for(['websocket', 'polling'])(
    '[SO25] python-socketio by %s sets, reads, hears and joins, with bytes',
    async (transport, { skip }) => {
      skip(!hasPython, pythonSocketioMissing);
      const serving = startServe(temporaryFolder(), ['--transport', 'http=0']);
      const { clasp, web } = await urlsOf(serving);
      await pub(clasp, '/stage/level', '0.25');
      const client = python('client', web, '/stage', transport, '');
      await until('it to be there', () => client.said('is').includes('connected'));
      for (const call of [
        ['set', '/lamp', { raw: { $bytes: '01ff' } }],
        ['get', '/lamp'],
        ['join', '/**'],
        ['chat', 'a', 2],
        ['set', 'lamp', 1],
      ])
        client.tell({ call });
      await until('five answers', () => client.said('answer').length === 5);
      expect(client.said('answer')).toEqual([
        { ok: true, revision: 1 },
        { ok: true, value: { raw: { $bytes: '01ff' } }, revision: 1 },
        { ok: true, room: '/**', members: 1 },
        { ok: true },
        { ok: false, code: 'bad-address', message: expect.any(String) as string },
      ]);
      await pub(clasp, '/stage/level', '0.5');
      await until('the change', () => client.said('event').some((each) => (each as unknown[])[2] === 0.5));
      expect(client.said('event')).toContainEqual([
        'signal',
        '/level',
        0.25,
        { kind: 'param', standing: true, revision: 1 },
      ]);
      expect((await runFlyrail(['get', '/stage/chat', '--url', clasp])).stdout).toContain('a');
      expect((await serving.stop()).code).toBe(0);
      await until('it to hear why', () => client.said('event').some((each) => (each as unknown[])[0] === 'ended'));
    },
  );

  it('[SO25] come in with the right token only, with its scopes, and are back after Flyrail was killed', async ({
    skip,
  }) => {
    skip(!hasPython, pythonSocketioMissing);
    const folder = temporaryFolder();
    const tokens = join(folder, 'tokens');
    writeFileSync(tokens, 'lampenwart-0123456789 write:/lamp/**,read:/lamp/**\n', { mode: 0o600 });
    const start = (port: string): FlyrailProcess =>
      startServe(join(folder, 'data'), ['--transport', `http=${port}`, '--token-file', tokens]);
    const serving = start('0');
    const { web } = await urlsOf(serving);
    const wrong = python('client', web, '/', 'websocket', 'falsch');
    await until('why', () => wrong.said('why').length > 0);
    expect(wrong.said('why')[0]).toMatchObject({
      message: 'This router does not know the token.',
      data: { code: 'access-refused' },
    });
    wrong.kill();
    const client = python('client', web, '/', 'websocket', 'lampenwart-0123456789');
    await until('it to be there', () => client.said('is').includes('connected'));
    client.tell({ call: ['set', '/lamp/1', 1] });
    client.tell({ call: ['set', '/secret', 1] });
    await until('both answers', () => client.said('answer').length === 2);
    expect(client.said('answer')).toMatchObject([{ ok: true }, { ok: false, code: 'access-refused' }]);
    await serving.stop('SIGKILL');
    await until('it to notice', () => client.said('is').includes('disconnected'));
    const again = start(new URL(web).port);
    await again.ready();
    await until('it to be back', () => client.said('is').filter((each) => each === 'connected').length === 2);
    client.tell({ call: ['get', '/lamp/1'] });
    await until('the answer', () => client.said('answer').length === 3);
    await again.stop();
  });
});

describe('flyrail serve with a Socket.IO bridge', () => {
  it('[SO26] takes and gives at a server of python-socketio, in namespaces and rooms, with acknowledgements, also after it was killed', async ({
    skip,
  }) => {
    skip(!hasPython, pythonSocketioMissing);
    const folder = temporaryFolder();
    let server = python('server', '0', 'geheim-123');
    await until('its port', () => server.said('port').length === 1);
    const port = String(server.said('port')[0]);
    const secret = ['secret', 'set', 'web', '--data', join(folder, 'data')];
    expect(spawnSync(process.execPath, [builtCommand, ...secret], { input: 'geheim-123\n' }).status).toBe(0);
    const settings = {
      url: `http://127.0.0.1:${port}`,
      secretName: 'web',
      namespaces: [{ name: '/' }, { name: '/stage' }],
      greetings: [{ event: 'join', args: '["foh"]', namespace: '/stage' }],
      emissions: [{ from: '/sure/*', ack: { to: '/answered/{1}' } }, {}],
    };
    const show = { ...emptyShow('rig', 'Rig'), bridges: [socketioSettings(settings)] };
    const serving = startServe(join(folder, 'data'), ['--show', writeShow(folder, show)]);
    const { clasp } = await urlsOf(serving);
    await until('both namespaces', () => server.said('is').filter((each) => each === 'connected').length === 2);
    expect(server.lines.find(({ is }) => is === 'connected')?.['auth']).toEqual({ token: 'geheim-123' });
    server.tell({ emit: ['/', null, 'lamp/1', { raw: { $bytes: '01ff' }, level: 0.5 }] });
    server.tell({ emit: ['/stage', 'foh', 'cue', 7] });
    const seen = watch(clasp);
    await until('the room', () => seen().includes('/socketio/stage/cue'));
    expect((await runFlyrail(['get', '/socketio/lamp/1', '--url', clasp])).stdout).toContain('0.5');
    await pub(clasp, '/socketio/sure/go', '0.75');
    await pub(clasp, '/socketio/stage/dim', '0.1');
    await until('both', () => server.said('heard').length >= 3);
    expect(server.said('heard')).toEqual([
      ['/stage', 'join', 'foh'],
      ['/', 'sure/go', 0.75],
      ['/stage', 'dim', 0.1],
    ]);
    await until('the answer', () => seen().includes('/socketio/answered/go'));
    server.kill();
    await server.ended;
    await pub(clasp, '/socketio/sure/go', '0.9');
    server = python('server', port, 'geheim-123');
    await until('what stands, and what waited', () =>
      server.said('heard').some((each) => (each as unknown[])[1] === 'sure/go' && (each as unknown[])[2] === 0.9),
    );
    await until('the room again', () => server.said('heard').some((each) => (each as unknown[])[1] === 'join'));
    await until('what stands', () => server.said('heard').some((each) => (each as unknown[])[1] === 'dim'));
    expect((await serving.stop()).code).toBe(0);
  });

  it('[SO26] one Flyrail dials the web door of another, and both have the same', async () => {
    const folder = temporaryFolder();
    const far = startServe(join(folder, 'far'), ['--transport', 'http=0']);
    const there = await urlsOf(far);
    const settings = {
      url: there.web,
      namespaces: [{ name: '/stage' }],
      auth: { plain: true },
      greetings: [{ event: 'subscribe', args: '["/**"]', namespace: '/stage' }],
    };
    const show = { ...emptyShow('rig', 'Rig'), bridges: [socketioSettings(settings)] };
    const near = startServe(join(folder, 'near'), ['--show', writeShow(folder, show)]);
    const here = await urlsOf(near);
    const [nearSeen, farSeen] = [watch(here.clasp), watch(there.clasp)];
    await pub(here.clasp, '/socketio/stage/lamp/1', '0.5');
    await until('it there', () => farSeen().includes('/stage/lamp/1'));
    await pub(there.clasp, '/stage/lamp/2', '0.25');
    await until('it here', () => nearSeen().includes('/socketio/stage/lamp/2'));
    await near.stop();
    await far.stop();
  });

  it('[SO26] npm socket.io hears it by polling alone, and npm socket.io-client is heard by long polling alone', async () => {
    const server = new InProcessServer({ transports: ['polling'] });
    await server.listen();
    ends.push(() => server.kill());
    const folder = temporaryFolder();
    const show = { ...emptyShow('rig', 'Rig'), bridges: [socketioSettings({ url: server.url })] };
    const serving = startServe(join(folder, 'data'), ['--show', writeShow(folder, show), '--transport', 'http=0']);
    const { clasp, web } = await urlsOf(serving);
    const page = io(web, { transports: ['polling'], upgrade: false });
    ends.push(() => page.disconnect());
    expect(await page.timeout(5000).emitWithAck('set', '/socketio/from-page', [1, { a: Buffer.of(3) }])).toMatchObject({
      ok: true,
    });
    await until('it to arrive', () => server.heard.length > 0);
    expect(server.heard.at(-1)).toEqual({ namespace: '/', event: 'from-page', args: [[1, { a: Buffer.of(3) }]] });
    server.io.emit('back', 'x');
    const seen = watch(clasp);
    await until('it to be there', () => seen().includes('/socketio/back'));
    await serving.stop();
  });
});
