import { describe, expect, it } from 'vitest';
import { pairWith } from '../../src-main/cli/pair-client.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { runFlyrail, startFlyrail, startServe } from './flyrail-process.ts';
import { startRemote } from './remote-scene.ts';

describe('flyrail pair', () => {
  it('[PA3] gives the code of another Flyrail and prints the token that comes back for this client alone', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('edit');
    const { stdout, code: exit } = await runFlyrail(['pair', '--with', scene.origin, code, '--name', 'desk', '--json']);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { role: 'edit', token: `cpsk_${'0'.repeat(32)}` }]);
    expect(scene.tokens).toEqual([{ name: 'desk', scopes: ['admin:/**'] }]);
  });

  it('[PA5] says that a code is wrong and how many tries are left, and pairs with nobody that does not know it', async () => {
    const scene = await startRemote();
    const { code } = scene.access.startPairing('view');
    const wrong = code === '000000' ? '000001' : '000000';
    const url = new URL(scene.origin);
    for (const attemptsLeft of [2, 1, 0])
      await expect(pairWith({ url, code: wrong, name: 'desk' })).rejects.toMatchObject({
        code: 'wrong-code',
        details: { attemptsLeft },
      });
    await expect(pairWith({ url, code, name: 'desk' })).rejects.toMatchObject({ code: 'no-pairing' });
    expect(scene.tokens).toEqual([]);
  });

  it('[PA1] asks the Flyrail that runs for a code, tells it, and says when it has ended', async () => {
    const data = temporaryFolder();
    const serving = startServe(data);
    const { ui } = await serving.ready();
    const pairing = startFlyrail(['pair', '--role', 'control', '--data', data, '--json']);
    const offered = await pairing.event('pairing');
    expect(offered).toMatchObject({ role: 'control', urls: [] });
    const url = new URL(new URL(ui?.url ?? '').origin);
    const code = offered['code'] as string;
    const { role, token } = await pairWith({ url, code, name: 'desk' });
    expect([role, token]).toEqual(['control', expect.stringMatching(/^cpsk_[0-9A-Za-z]{32}$/)]);
    // A client stands in the list of tokens, not in that of pages.
    expect(await pairing.event('pairing-ended')).toMatchObject({ paired: null });
    expect((await pairing.end).code).toBe(0);
    const listed = await runFlyrail(['token', 'list', '--json', '--data', data]);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'desk', revoked: null }]);
    await expect(pairWith({ url, code, name: 'again' })).rejects.toMatchObject({ code: 'no-pairing' });
    const second = startFlyrail(['pair', '--data', data, '--json']);
    await second.event('pairing');
    await serving.stop();
    expect((await second.end).code).toBe(2);
    const nobody = await runFlyrail(['pair', '--data', data]);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('No Flyrail with an interface runs')]);
  });

  it('[RS21] serve does not let other machines in while nobody could log in, and does once a PIN is set', async () => {
    const data = temporaryFolder();
    const args = ['serve', '--json', '--port', '0', '--ui-port', '0', '--ui-host', '0.0.0.0', '--data', data];
    const refused = await runFlyrail(args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Set a PIN first')]);
    expect((await runFlyrail(['access', 'pin', 'set', '--role', 'view', '--data', data])).code).toBe(0);
    // On this machine's own loopback alone, over TLS.
    const serving = startFlyrail([...args, '--ui-host', '127.0.0.1', '--ui-tls']);
    await until('it is ready', () => serving.stdout().includes('\n'));
    expect(serving.stdout()).toContain('"ui":{"url":"https://127.0.0.1:');
    const pairing = startFlyrail(['pair', '--data', data, '--json']);
    await pairing.event('pairing');
    await serving.stop();
  });
});
