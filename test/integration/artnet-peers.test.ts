import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { until } from '../until.ts';
import { ArtnetFlyrail } from './artnet-flyrail.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { NetworkHall, type Program } from './network-hall.ts';
import { canMakeNamespaces, noNamespaces } from './network-namespace.ts';
import { hasOla, oladDevice, startOlad, type Olad } from './olad.ts';

const isPossible = await canMakeNamespaces();
const hasPython = hasProgram('python3');

describe('Art-Net on a network of two machines', () => {
  skipUnless(isPossible, noNamespaces);
  const hall = new NetworkHall();

  beforeAll(async () => {
    if (isPossible) await hall.build();
  }, 60_000);
  afterEach(() => hall.killStarted());
  afterAll(async () => {
    if (isPossible) await hall.tearDown();
  });

  it('[AN27] sends to the nodes of dmxnet that ask for it, and hears what it sends', async () => {
    const dmxnet = hall.start(
      hall.peer,
      process.execPath,
      '--no-warnings',
      'test/integration/artnet-dmxnet-child.ts',
      '10.80.0.1',
    );
    await until('dmxnet', () => dmxnet.output().includes('ready'));
    const flyrail = await ArtnetFlyrail.start(hall, hall.hall, {
      universes: [{ first: 0, last: 7 }],
      receive: [{ first: 16, last: 23 }],
    });
    flyrail.set('/artnet/3/1', 200);
    await until('the level at dmxnet', () => dmxnet.output().includes('level 200'));
    dmxnet.child.stdin.write('77\n');
    await flyrail.says(/^heard \/artnet\/20\/1 77$/m);
    flyrail.set('/artnet/0/0/3/1', 99);
    await until('the next level', () => dmxnet.output().includes('level 99'));
    await flyrail.stop();
  });

  describe('with olad', () => {
    skipUnless(hasOla, notInstalled('olad', 'ola'));

    it('[AN27] is followed by olad, and follows it, at port addresses beyond the first subnet', async () => {
      const ola = await startOla(hall);
      const record = join(ola.folder, 'record');
      hall.start(hall.peer, 'ola_recorder', '--record', record, '--universes', '10');
      const flyrail = await ArtnetFlyrail.start(hall, hall.hall, {
        universes: [{ first: 0x12a, last: 0x12a }],
        receive: [{ first: 0x125, last: 0x125 }],
      });
      flyrail.set('/artnet/298/2', 123);
      await until('the level in OLA', () => existsSync(record) && /^10 0,123,0/m.test(readFileSync(record, 'utf8')));
      // It asks every ten seconds who wants what it sends.
      for (let level = 1; !flyrail.output.includes('heard /artnet/293/3'); level++)
        await ola.run('ola_set_dmx', '-u', '5', '-d', `0,0,${1 + (level % 200)}`);
      await flyrail.stop();
    });

    it('[AN33] is a node for olad with what is received on the network between them, and with nothing else', async () => {
      await hall.addCable('lan2', 2);
      const ola = await startOla(hall);
      await ola.run('ola_patch', '-d', ola.device, '-p', '1', '-u', '6');
      await ArtnetFlyrail.start(
        hall,
        hall.hall,
        { networkCard: 'lan', receive: [{ first: 0x125, last: 0x125 }] },
        { networkCard: 'lan2', receive: [{ first: 0x126, last: 0x126 }] },
      );
      const nodesOf = (universe: number) => ola.run('ola_artnet', '-d', ola.device, '-u', String(universe));
      let nodes = '';
      for (const deadline = performance.now() + 30_000; !nodes.includes('10.80.0.1') && performance.now() < deadline;)
        nodes = await nodesOf(5);
      expect(nodes).toContain('10.80.0.1');
      expect(await nodesOf(6)).not.toContain('10.80');
    }, 60_000);

    it('[AN24] shares the port with olad on one machine, and both hear what goes to everybody', async () => {
      const ola = await startOla(hall);
      const record = join(ola.folder, 'record');
      hall.start(hall.peer, 'ola_recorder', '--record', record, '--universes', '10');
      const here = await ArtnetFlyrail.start(hall, hall.peer, { receive: [{ first: 0x12a, last: 0x12a }] });
      const there = await ArtnetFlyrail.start(hall, hall.hall, {
        universes: [{ first: 0x12a, last: 0x12a }],
        send: 'broadcast',
      });
      there.set('/artnet/298/1', 55);
      await here.says(/^heard \/artnet\/298\/1 55$/m);
      await until('the level in OLA', () => existsSync(record) && /^10 55,/m.test(readFileSync(record, 'utf8')));
    });
  });

  describe('with three nodes', () => {
    skipUnless(hasPython, notInstalled('python3', 'python3'));

    it('[AN14] sends each port address by unicast to those nodes alone that put it out', async () => {
      const nodes = await threeNodes(hall);
      const flyrail = await ArtnetFlyrail.start(hall, hall.hall, { universes: [{ first: 0, last: 15 }] });
      for (const portAddress of [1, 2, 3, 9]) flyrail.set(`/artnet/${portAddress}/1`, 100 + portAddress);
      await until('frames at all', () => nodes.every((node) => framesOf(node).length >= 12));
      expect(nodes.map((node) => [...new Set(framesOf(node).map(({ portAddress }) => portAddress))].sort())).toEqual([
        [1, 2],
        [2],
        [3],
      ]);
      expect(nodes.flatMap(framesOf).every(({ portAddress, level }) => level === 100 + portAddress)).toBe(true);
      await flyrail.says(/^status trouble: No node asks for port address 9 \(0\.0\.9\)\./m);
    });

    it('[AN17] sends its syncs to everybody, and its frames to those that ask', async () => {
      const nodes = await threeNodes(hall);
      const flyrail = await ArtnetFlyrail.start(hall, hall.hall, { universes: [{ first: 1, last: 1 }], sync: true });
      flyrail.set('/artnet/1/1', 7);
      await until('syncs', () =>
        nodes.every(
          (node) =>
            node
              .output()
              .split('\n')
              .filter((line) => line === 'sync').length >= 2,
        ),
      );
      expect(nodes.map((node) => framesOf(node).length > 0)).toEqual([true, false, false]);
    });

    it('[AN18] is back within two seconds when the cable is back, with what changed meanwhile', async () => {
      const nodes = await threeNodes(hall);
      const flyrail = await ArtnetFlyrail.start(hall, hall.hall, {
        universes: [{ first: 3, last: 3 }],
        networkCard: 'lan',
      });
      flyrail.set('/artnet/3/1', 10);
      await until('the frame', () => framesOf(nodes[2]).some(({ level }) => level === 10));
      await hall.setCable('lan', 'down');
      await flyrail.says(/^status broken: The network card lan is not there/m);
      flyrail.set('/artnet/3/1', 11);
      flyrail.forget();
      const backAt = performance.now();
      await hall.setCable('lan', 'up');
      await until('what changed', () => framesOf(nodes[2]).some(({ level }) => level === 11));
      expect(performance.now() - backAt).toBeLessThan(2000);
      await flyrail.says(/^returned$/m);
    });
  });
});

interface Frame {
  readonly portAddress: number;
  readonly sequence: number;
  readonly level: number;
}

function framesOf(node: Program): readonly Frame[] {
  return [...node.output().matchAll(/^dmx (\d+) (\d+) (\d+)$/gm)].map(([, portAddress, sequence, level]) => ({
    portAddress: Number(portAddress),
    sequence: Number(sequence),
    level: Number(level),
  }));
}

/** At 10.80.0.2, .3 and .4 of the other machine: they put out 1 and 2, 2, and 3. */
async function threeNodes(hall: NetworkHall): Promise<readonly [Program, Program, Program]> {
  const start = async (last: number, ...outputs: string[]): Promise<Program> => {
    if (last > 2) await hall.addAddress(hall.peer, `10.80.0.${last}/24`, 'lan');
    const arguments_ = [`10.80.0.${last}`, '10.80.0.255', ...outputs];
    const node = hall.start(hall.peer, 'python3', 'test/integration/artnet-node.py', ...arguments_);
    await until('the node', () => node.output().includes('ready'));
    return node;
  };
  return [await start(2, '1', '2'), await start(3, '2'), await start(4, '3')];
}

/** OLA's universe 10 is what comes to net 1, subnet 2, universe 10 of Art-Net; its universe 5 goes to universe 5 there. */
async function startOla(hall: NetworkHall): Promise<Olad & { readonly device: string }> {
  const plugins = {
    artnet: 'enabled = true\nip = 10.80.0.2\nlong_name = Rack left\nshort_name = Rack\nnet = 1\nsubnet = 2\n',
  };
  const ola = await startOlad(hall, { plugins, awaits: /ArtNet/ });
  const device = oladDevice(ola, /ArtNet/);
  await ola.run('ola_patch', '-d', device, '-p', '0', '-i', '-u', '10');
  await ola.run('ola_patch', '-d', device, '-p', '0', '-u', '5');
  return { ...ola, device };
}
