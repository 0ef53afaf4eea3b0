import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand, startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';
import { canMakeNamespaces, ip, noNamespaces } from './network-namespace.ts';

const run = promisify(execFile);
const hall = `frhall${process.pid}`;
const phone = `frphone${process.pid}`;
const port = 7333;
const isPossible = await canMakeNamespaces();

describe('UDP between two machines', () => {
  skipUnless(isPossible, noNamespaces);

  let router: FlyrailProcess | undefined;

  beforeAll(async () => {
    if (!isPossible) return;
    for (const namespace of [hall, phone]) await ip('netns', 'add', namespace);
    await ip('link', 'add', 'lan', 'netns', hall, 'type', 'veth', 'peer', 'name', 'lan', 'netns', phone);
    for (const [i, namespace] of [hall, phone].entries()) {
      await ip('-n', namespace, 'address', 'add', `10.78.0.${i + 1}/24`, 'broadcast', '10.78.0.255', 'dev', 'lan');
      await ip('-n', namespace, 'link', 'set', 'lan', 'up');
      await ip('-n', namespace, 'link', 'set', 'lo', 'up');
      await ip('-n', namespace, 'route', 'add', '224.0.0.0/4', 'dev', 'lan');
    }
    await ip('-n', phone, 'route', 'add', 'default', 'via', '10.78.0.1');
  }, 60_000);

  afterAll(async () => {
    if (!isPossible) return;
    for (const namespace of [hall, phone]) await ip('netns', 'delete', namespace);
  });

  it('[TP35] reaches the router by its address, by a multicast group and by broadcast', async () => {
    router = serve('--transport', `udp=${port},group=239.5.0.1`);
    await router.ready();
    for (const [i, host] of ['10.78.0.1', '239.5.0.1', '10.78.0.255', '255.255.255.255'].entries()) {
      const url = `udp://${host}:${port}`;
      expect(await outcome(there(['pub', '/desk/level', String(i), '--qos', 'commit', '--url', url]))).toEqual([0, '']);
      const get = there(['get', '/desk/level', '--url', url]);
      expect([await outcome(get), get.stdout()]).toEqual([[0, ''], `${i}\n`]);
    }
    await router.stop();
  });

  it('[TP29] sends nobody on the network more than fits into a packet, however much there is to tell', async () => {
    router = serve('--transport', `udp=${port}`);
    await router.ready();
    const url = `udp://10.78.0.1:${port}`;
    const text = 'x'.repeat(1000);
    const addresses = Array.from({ length: 6 }, (_, i) => `/desk/text/${i}`);
    for (const address of addresses)
      expect(await outcome(there(['pub', address, text, '--url', url]))).toEqual([0, '']);
    const sub = there(['sub', '/desk/**', '--url', url]);
    await until('all of it', () => addresses.every((address) => sub.stdout().includes(`${address}\t`)), 20_000);
    const [code, words] = await outcome(there(['pub', '/desk/text/6', text + text, '--url', url]));
    expect([code, words]).toEqual([2, expect.stringContaining('1472 bytes')]);
    expect(await fragmentsMade(hall)).toBe(0);
    await router.stop();
  });
});

function serve(...more: string[]): FlyrailProcess {
  const flags = ['--no-ui', '--host', '0.0.0.0', '--allow-unauthenticated', ...more];
  return startServe(temporaryFolder(), flags, { command: command(hall) });
}

/** A command on the other machine. */
function there(args: readonly string[]): FlyrailProcess {
  return startFlyrail(args, { command: command(phone) });
}

function command(namespace: string): readonly string[] {
  return ['ip', 'netns', 'exec', namespace, process.execPath, builtCommand];
}

async function outcome(flyrail: FlyrailProcess): Promise<[code: number | null, stderr: string]> {
  return [(await flyrail.end).code, flyrail.stderr()];
}

/** Packets that the machine had to send in parts. */
async function fragmentsMade(namespace: string): Promise<number> {
  const { stdout } = await run('ip', ['netns', 'exec', namespace, 'cat', '/proc/net/snmp']);
  const [names, values] = stdout.split('\n').filter((line) => line.startsWith('Ip:'));
  const at = names?.split(' ').indexOf('FragCreates') ?? -1;
  return Number(values?.split(' ')[at]);
}
