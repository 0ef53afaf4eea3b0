import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { until } from '../until.ts';
import { canMakeNamespaces, ip, noNamespaces } from './network-namespace.ts';

const desk = `froscdesk${process.pid}`;
const rooms = [`froscleft${process.pid}`, `froscright${process.pid}`] as const;
const group = '239.7.7.7';
const port = 9000;

/** Runs in the desk's network namespace with its card named: says what it hears, and sends what it is told on stdin. */
const bridgeScript = `
  import { OscBridge } from './src-main/bridges/osc/osc-bridge.ts';
  import { f32 } from './src-main/contract/signal.ts';
  import { createSystemClock } from './src-main/platform/system-clock.ts';
  import { oscSettings } from './test/bridges/bridge-settings.ts';
  import { needsOf } from './test/bridges/osc/osc-hall.ts';
  const settings = JSON.parse(process.argv.at(-1));
  const bridge = new OscBridge(oscSettings(settings), needsOf(createSystemClock()));
  await bridge.start({
    publish: (batch) => batch.forEach(({ address }) => console.log('heard ' + address)),
    schedule: () => 'full', addresses: () => [], counts: new Map(), returned: () => undefined,
    fault: (reason) => console.log('fault ' + reason.code),
  });
  console.log('ready');
  process.stdin.on('data', (line) => {
    for (const path of String(line).trim().split('\\n')) bridge.apply([{ kind: 'param', address: '/osc' + path, value: f32(1) }]);
  });`;

/** Runs in a room: says what comes to its port, by one, by everyone or by the group, and sends what it is told. */
const roomScript = `
  import { createSocket } from 'node:dgram';
  import { decodeOscPacket, encodeOscMessage } from './src-main/bridges/osc/osc-codec.ts';
  import { f32 } from './src-main/contract/signal.ts';
  const [own] = process.argv.slice(-1);
  const socket = createSocket('udp4').bind(${port}, () => {
    socket.setBroadcast(true);
    socket.setMulticastInterface(own);
    socket.addMembership('${group}', own);
    console.log('ready');
  });
  socket.on('message', (bytes, from) => console.log('heard ' + decodeOscPacket(bytes).messages[0].address + ' from ' + from.address));
  process.stdin.on('data', (line) => {
    for (const order of String(line).trim().split('\\n')) {
      const [path, host] = order.split(' ');
      socket.send(encodeOscMessage(path, f32(1)), 8000, host);
    }
  });`;

const isPossible = await canMakeNamespaces();

describe('an OSC bridge on a machine with two network cards', () => {
  skipUnless(isPossible, noNamespaces);

  const children: ChildProcess[] = [];
  let left: Program;
  let right: Program;

  beforeAll(async () => {
    if (!isPossible) return;
    for (const namespace of [desk, ...rooms]) await ip('netns', 'add', namespace);
    await ip('-n', desk, 'link', 'set', 'lo', 'up');
    for (const [i, room] of rooms.entries()) {
      await ip('link', 'add', `card${i}`, 'netns', desk, 'type', 'veth', 'peer', 'name', 'lan', 'netns', room);
      for (const [where, card, last] of [
        [desk, `card${i}`, 1],
        [room, 'lan', 2],
      ] as const) {
        await ip('-n', where, 'address', 'add', `10.78.${i}.${last}/24`, 'broadcast', `10.78.${i}.255`, 'dev', card);
        await ip('-n', where, 'link', 'set', card, 'up');
      }
    }
    // Without one the rooms could not say anything to everyone.
    for (const [i, room] of rooms.entries()) await ip('-n', room, 'route', 'add', 'default', 'via', `10.78.${i}.1`);
    // What the system would choose by itself.
    await ip('-n', desk, 'route', 'add', 'default', 'via', '10.78.0.2');
    [left, right] = [start(rooms[0], roomScript, '10.78.0.2'), start(rooms[1], roomScript, '10.78.1.2')];
    await until('the rooms', () => left.says('ready') && right.says('ready'));
  }, 60_000);

  afterAll(async () => {
    if (!isPossible) return;
    for (const child of children) child.kill('SIGKILL');
    for (const namespace of [desk, ...rooms]) await ip('netns', 'delete', namespace);
  });

  it('[OS18] sends from the card that is named alone, to one, to its network, to everyone and to a group', async () => {
    const targets = ['10.78.1.2', '10.78.1.255', '255.255.255.255', group].map((host) => ({ host, port }));
    const bridge = start(desk, bridgeScript, JSON.stringify({ networkCard: 'card1', listenHost: '0.0.0.0', targets }));
    await until('the bridge', () => bridge.says('ready'));
    bridge.tell('/out');
    await until('all four', () => right.lines().filter((line) => line === 'heard /out from 10.78.1.1').length === 4);
    bridge.tell('/end');
    await until('all four again', () => right.lines().filter((line) => line.startsWith('heard /end')).length === 4);
    expect(left.lines()).toEqual(['ready']);
  }, 60_000);

  it('[OS18] hears on the card that is named alone: what is for it, for its network, for everyone and for its groups', async () => {
    const settings = { networkCard: 'card1', listenHost: '0.0.0.0', listenPort: 8000, groups: [group], targets: [] };
    const bridge = start(desk, bridgeScript, JSON.stringify({ ...settings, direction: 'in' }));
    await until('the bridge', () => bridge.says('ready'));
    const all = (i: number): string =>
      [`/one 10.78.${i}.1`, `/net 10.78.${i}.255`, `/all 255.255.255.255`, `/group ${group}`].join('\n');
    left.tell(all(0));
    // The other card has the same port free: what came there reached nobody.
    right.tell(all(1));
    await until('all four', () => bridge.lines().length === 5);
    right.tell('/end 10.78.1.1');
    await until('the last', () => bridge.says('heard /osc/end'));
    expect(bridge.lines().slice(1).sort()).toEqual(
      ['/all', '/end', '/group', '/net', '/one'].map((path) => `heard /osc${path}`),
    );
  }, 60_000);

  interface Program {
    lines(): string[];
    says(line: string): boolean;
    tell(text: string): void;
  }

  function start(namespace: string, script: string, argument: string): Program {
    const command = ['netns', 'exec', namespace, process.execPath, '--input-type=module', '-e', script, argument];
    const child = spawn('ip', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const lines = (): string[] => output.split('\n').slice(0, -1);
    return { lines, says: (line) => lines().includes(line), tell: (text) => child.stdin.write(`${text}\n`) };
  }
});
