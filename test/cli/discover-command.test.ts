import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

// What it finds is seen in test/integration/discovery-network.test.ts, on networks of their own.
describe('flyrail discover', () => {
  it.each([
    ['--seconds', '0'],
    ['--seconds', '601'],
    ['--seconds', 'six'],
    ['--seconds='],
    ['--loud'],
    ['everything'],
    ['--tag', 'hall'],
    ['--seconds=3', '--rendezvous=http://127.0.0.1:1'],
    ['--limit=0', '--rendezvous=http://127.0.0.1:1'],
  ])('[DC45] refuses %s %s before it sends anything', async (...args) => {
    const { code, stdout, stderr } = await runCli('discover', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^flyrail: .*flyrail discover --help tells how it is used\.\n$/);
  });

  it('[DC45] tells how it is used', async () => {
    const { code, stdout } = await runCli('discover', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^flyrail discover: /);
  });
});
