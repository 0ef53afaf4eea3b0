import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { until } from '../until.ts';
import { canMakeNamespaces, ip, noNamespaces } from './network-namespace.ts';

const desk = `frdesk${process.pid}`;
const rooms = [`frfoh${process.pid}`, `frstage${process.pid}`] as const;
const namespaces = [desk, ...rooms];
const port = 5568;

/** Runs in its own network namespace: sends universe 1 from the card that it is told. */
const sender = `
  import { SacnBridge } from './src-main/bridges/sacn/sacn-bridge.ts';
  import { listNetworkCards } from './src-main/platform/network-interfaces.ts';
  import { createSystemClock } from './src-main/platform/system-clock.ts';
  import { sacnSettings } from './test/bridges/bridge-settings.ts';
  import { silentLog } from './test/silent-log.ts';
  const needs = { clock: createSystemClock(), log: silentLog, networkCards: () => listNetworkCards() };
  const [networkCard, level] = process.argv.slice(-2);
  const bridge = new SacnBridge(sacnSettings({ networkCard, port: ${port} }), needs);
  await bridge.start({ publish: () => undefined, counts: new Map(), fault: (reason) => console.log('fault ' + reason.code) });
  bridge.apply([{ kind: 'param', address: '/sacn/1/1', value: { type: 'i32', value: Number(level) } }]);
  console.log('sending');
  process.stdin.once('data', async () => { await bridge.stop(); process.exit(); });`;

/** Runs in another one: the receiver of the npm package sacn says each level that it hears. */
const receiver = `
  import { Receiver } from 'sacn';
  const receiver = new Receiver({ universes: [1], port: ${port}, iface: process.argv.at(-1) });
  receiver.on('packet', ({ payloadAsBuffer, sourceAddress, options }) =>
    console.log(options === 0 ? 'level ' + payloadAsBuffer[0] + ' from ' + sourceAddress : 'goodbye'));
  receiver.socket.on('listening', () => setImmediate(() => console.log('listening')));`;

const isPossible = await canMakeNamespaces();

describe('a machine with two network cards', () => {
  skipUnless(isPossible, noNamespaces);

  const children: ChildProcess[] = [];
  const heard: [string[], string[]] = [[], []];

  beforeAll(async () => {
    if (!isPossible) return;
    for (const namespace of namespaces) await ip('netns', 'add', namespace);
    for (const [i, room] of rooms.entries()) {
      const card = `card${i}`;
      await ip('link', 'add', card, 'netns', desk, 'type', 'veth', 'peer', 'name', 'lan', 'netns', room);
      await ip('-n', desk, 'address', 'add', `10.77.${i}.1/24`, 'dev', card);
      await ip('-n', desk, 'link', 'set', card, 'up');
      await ip('-n', room, 'address', 'add', `10.77.${i}.2/24`, 'dev', 'lan');
      await ip('-n', room, 'link', 'set', 'lan', 'up');
    }
    // What the system would choose by itself.
    await ip('-n', desk, 'route', 'add', 'default', 'via', '10.77.0.2');
    for (const [i, room] of rooms.entries()) await listen(room, `10.77.${i}.2`, heard[i === 0 ? 0 : 1]);
  }, 60_000);

  afterAll(async () => {
    if (!isPossible) return;
    for (const child of children) child.kill('SIGKILL');
    for (const namespace of namespaces) await ip('netns', 'delete', namespace);
  });

  it('[SA12] sends from the card named in the settings, by name or by address, and from no other', async () => {
    for (const [card, number, level] of [
      ['card1', 1, 11],
      ['10.77.1.1', 1, 12],
      ['card0', 0, 13],
      ['10.77.0.1', 0, 14],
    ] as const) {
      await send(card, level);
      await until(`level ${level} behind ${card}`, () =>
        heard[number].includes(`level ${level} from 10.77.${number}.1`),
      );
      expect(heard[1 - number]?.filter((line) => line.startsWith(`level ${level} `))).toEqual([]);
    }
    // The goodbyes were last: had anything else leaked to the other card, it would have come before them.
    await until('all goodbyes', () => heard.every((lines) => lines.filter((line) => line === 'goodbye').length === 6));
  });

  it('[SA12] leaves the choice to the system when the settings name none', async () => {
    await send('', 21);
    await until('level 21', () => heard[0].includes('level 21 from 10.77.0.1'));
    expect(heard[1].filter((line) => line.startsWith('level 21'))).toEqual([]);
  });

  it('[SA14] tells within seconds when the card is pulled out', async () => {
    const lines: string[] = [];
    const child = startIn(desk, sender, ['card1', '31'], lines);
    await until('the sender', () => lines.includes('sending'), 20_000);
    await ip('-n', desk, 'link', 'delete', 'card1');
    await until('the fault', () => lines.some((line) => line.startsWith('fault ')), 10_000);
    expect(lines.filter((line) => line.startsWith('fault '))).toEqual(['fault no-network-card']);
    child.kill('SIGKILL');
  });

  async function listen(room: string, address: string, lines: string[]): Promise<void> {
    startIn(room, receiver, [address], lines);
    await until('the receiver', () => lines.includes('listening'), 20_000);
  }

  /** Sends a level from a card and stops in order. */
  async function send(card: string, level: number): Promise<void> {
    const lines: string[] = [];
    const child = startIn(desk, sender, [card, String(level)], lines);
    await until('the sender', () => lines.includes('sending'), 20_000);
    child.stdin?.write('stop\n');
    await until('its end', () => child.exitCode !== null, 20_000);
  }

  function startIn(namespace: string, script: string, args: string[], lines: string[]): ChildProcess {
    const node = [process.execPath, '--input-type=module', '--no-warnings', '-e', script, '--', ...args];
    const child = spawn('ip', ['netns', 'exec', namespace, ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)));
    return child;
  }
});
