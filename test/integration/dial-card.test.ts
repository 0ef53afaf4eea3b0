import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSettings, mqttSettings, socketioSettings, websocketSettings } from '../bridges/bridge-settings.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram } from './find-program.ts';
import { canMakeNamespaces, NetworkHall, type Program } from './network-hall.ts';

const run = promisify(execFile);
const python = '/usr/bin/python3';
const child = fileURLToPath(new URL('card-child.ts', import.meta.url));
const servers = fileURLToPath(new URL('card-peer.py', import.meta.url));
const kinds = ['mqtt', 'http', 'websocket', 'socketio'] as const;
/** Both cards lead there, and the system would take the one of the office. */
const server = '10.80.9.9';
const server6 = 'fd80:9::9';

const isPossible = await canMakeNamespaces();
const hasPeers =
  hasProgram('mosquitto') && spawnSync(python, ['-c', 'import socketio, aiohttp, websockets']).status === 0;

describe('bridges that dial, on a machine with a network of the office and one of the show', () => {
  skipUnless(isPossible, 'network namespaces cannot be made here (needs root and iproute2)');
  skipUnless(hasPeers, 'mosquitto, python3-socketio, python3-aiohttp or python3-websockets is not installed');
  const hall = new NetworkHall();
  let broker: Program;
  let others: Program;

  beforeAll(async () => {
    if (!isPossible || !hasPeers) return;
    await hall.build();
    await hall.addAddress(hall.peer, `${server}/32`, 'lo');
    await ip('route', 'add', server, 'via', '10.80.0.2');
    await ip('rule', 'add', 'from', '10.80.1.0/24', 'lookup', '101');
    await run('ip', ['-n', hall.peer, 'address', 'add', `${server6}/128`, 'dev', 'lo', 'nodad']);
    const config = join(temporaryFolder(), 'mosquitto.conf');
    writeFileSync(config, 'listener 1883\nallow_anonymous true\nuser root\nlog_dest stderr\n');
    broker = hall.start(hall.peer, 'mosquitto', '-c', config);
    others = hall.start(hall.peer, python, servers, '8080', '8081');
    await until('the servers', () => broker.output().includes('running') && others.output().includes('ready'));
  }, 60_000);
  afterAll(async () => {
    if (isPossible && hasPeers) await hall.tearDown();
  });

  it('[SU64] are seen from the card that is named alone, before it is there, after it was pulled, and by a new address', async () => {
    const flyrail = start('show');
    await until('the card to be missed', () => areAway(flyrail));
    expect(seen()).toEqual({});
    // From here on nothing gets through by the other card.
    await hall.setCable('lan', 'down');
    await plugIn();
    await until('all of them', () => areUpFrom('10.80.1.1', flyrail));
    expect(seen()).toEqual(each('10.80.1.1'));
    // As DHCP does.
    await ip('address', 'delete', '10.80.1.1/24', 'dev', 'show');
    await ip('address', 'add', '10.80.1.7/24', 'dev', 'show');
    await leadTo();
    const changed = await msUntil(() => areUpFrom('10.80.1.7', flyrail));
    await hall.setCable('show', 'down');
    await until('the cable to be missed', () => areAway(flyrail));
    await hall.setCable('show', 'up');
    await until('all of them by the cable', () => areUp(flyrail));
    await hall.pullCable('show');
    const missed = await msUntil(() => areAway(flyrail));
    await plugIn();
    const back = await msUntil(() => areUp(flyrail));
    console.log(`bridges that dial: new address ${changed} ms, card missed ${missed} ms, card back ${back} ms`);
    // Who waits for a peer to be silent takes 10 s and more.
    expect(Math.max(changed, missed, back)).toBeLessThan(8000);
    expect(seen()).toEqual(each('10.80.1.1', '10.80.1.7'));
  }, 60_000);

  it('[SU64] are seen from its address of IPv6 where their server has such a one', async () => {
    for (const [machine, last] of [
      [hall.hall, 1],
      [hall.peer, 2],
    ] as const)
      await run('ip', ['-n', machine, 'address', 'add', `fd80:1::${last}/64`, 'dev', 'show', 'nodad']);
    await ip('route', 'add', server6, 'via', 'fd80:1::2');
    const flyrail = start('show', `[${server6}]`);
    await until('all of them', () => areUpFrom('fd80:1::1', flyrail));
    await ip('address', 'delete', 'fd80:1::1/64', 'dev', 'show');
    await until('the address to be missed', () => areAway(flyrail, 'IPv6'));
  }, 60_000);

  it('[SU64] are dialled as the system chooses where no card is named', async () => {
    await hall.setCable('lan', 'up');
    const flyrail = start('');
    await until('all of them', () => areUpFrom('10.80.0.1', flyrail));
  }, 60_000);

  function start(networkCard: string, host = server): Program {
    const common = { networkCard, direction: 'both' };
    const bridges = [
      mqttSettings({ ...common, url: `mqtt://${host}` }),
      httpSettings({ networkCard, url: `http://${host}:8080`, polls: [{ url: '/state', to: '/x', everyMs: 200 }] }),
      websocketSettings({ ...common, url: `ws://${host}:8081` }),
      socketioSettings({ ...common, url: `http://${host}:8080` }),
    ];
    return hall.start(hall.hall, process.execPath, child, JSON.stringify(bridges));
  }

  /** from where each of the four was dialled */
  function seen(): Partial<Record<(typeof kinds)[number], string[]>> {
    const text = broker.output().replaceAll(/New client connected from (\S+):/g, '\nmqtt $1\n') + others.output();
    const found: Partial<Record<(typeof kinds)[number], string[]>> = {};
    for (const kind of kinds) {
      const addresses = new Set([...text.matchAll(new RegExp(`^${kind} (\\S+)$`, 'gm'))].map(([, from = '']) => from));
      if (addresses.size > 0) found[kind] = [...addresses].sort();
    }
    return found;
  }

  function areUpFrom(address: string, flyrail: Program): boolean {
    return areUp(flyrail) && kinds.every((kind) => seen()[kind]?.includes(address));
  }

  async function plugIn(): Promise<void> {
    await hall.addCable('show', 1);
    await leadTo();
  }

  /** A card that loses its address loses its routes. */
  async function leadTo(): Promise<void> {
    await ip('route', 'replace', server, 'via', '10.80.1.2', 'table', '101');
  }

  async function ip(...args: readonly string[]): Promise<void> {
    await run('ip', ['-n', hall.hall, ...args]);
  }
});

async function msUntil(condition: () => boolean): Promise<number> {
  const since = performance.now();
  await until('all of them', condition);
  return Math.round(performance.now() - since);
}

/** What a bridge said last. */
function stands(flyrail: Program, kind: string): string {
  return (
    flyrail
      .output()
      .split('\n')
      .findLast((line) => line.startsWith(`${kind} `)) ?? ''
  );
}

function areUp(flyrail: Program): boolean {
  return kinds.every((kind) => stands(flyrail, kind).startsWith(`${kind} connected`));
}

function areAway(flyrail: Program, family = 'IPv4'): boolean {
  const words = `broken: The network card show is not there, or has no ${family} address.`;
  return kinds.every((kind) => stands(flyrail, kind).startsWith(`${kind} ${words}`));
}

function each(...addresses: readonly string[]) {
  return Object.fromEntries(kinds.map((kind) => [kind, [...addresses]]));
}
