import { describe, expect, it } from 'vitest';
import type { FoundChange } from '../../../src-main/contract/discovery.ts';
import { discoveryAnswer, discoveryRequest } from '../../../src-main/core/discovery/broadcast-frames.ts';
import { buildDiscoveryPackets } from '../../../src-main/core/dmx/sacn-discovery.ts';
import { Discovery, toldAtOnceMax } from '../../../src-main/engine/discovery/discovery.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { FakeLan, lanCard, oscService } from './fake-lan.ts';

const ownCid = '00000000-0000-4000-8000-00000000000a';

describe('discovery', () => {
  it('[DC35] sends nothing and opens nothing while it is off', async () => {
    const { lan, clock, discovery, changes } = stage();
    discovery.look();
    await discovery.setMode('off');
    await clock.advanceAsync(600_000);
    expect([lan.open, lan.sent, lan.asked, changes, clock.waiting]).toEqual([[], [], [], [], 0]);
  });

  it('[DC35] lets go of everything, and of what was found, when it is switched off', async () => {
    const { lan, clock, discovery, changes } = stage();
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(3000);
    for (let i = 0; i < 240; i++) lan.answer(oscService(`Desk ${i}`, '10.0.0.9'), '10.0.0.9');
    await clock.advanceAsync(1500);
    expect(lan.open.length).toBeGreaterThan(4);
    await discovery.setMode('off');
    expect([lan.open, clock.waiting, discovery.state()]).toEqual([[], 0, { mode: 'off', things: [], troubles: [] }]);
    expect(changes.at(-1)?.mode).toBe('off');
    expect(changes.at(-1)?.gone).toHaveLength(240);
    await discovery.setMode('find');
    await discovery.stop();
    expect([lan.open, clock.waiting]).toEqual([[], 0]);
  });

  it('[DC35] lets go of everything too when it is switched faster than ports open', async () => {
    const { lan, clock, discovery } = stage();
    void discovery.setMode('find');
    void discovery.setMode('find-and-show');
    await discovery.setMode('off');
    await clock.advanceAsync(100_000);
    expect([lan.open, clock.waiting]).toEqual([[], 0]);
  });

  it('[DC37] asks in every way at once, and again every 45 s, and listens for five seconds', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find');
    await clock.advanceAsync(3500);
    expect(new Set(lan.asked.map(({ question }) => question.name)).size).toBe(4);
    const targets = () => [...new Set(lan.sent.map(({ to }) => `${to.address}:${to.port}`))];
    expect(targets()).toEqual(['10.0.0.255:7331', '255.255.255.255:7331', '10.0.0.255:6454']);
    expect(lan.open).toEqual(expect.arrayContaining(['mdns 10.0.0.5', '10.0.0.5:50000', '0.0.0.0:6454']));
    await clock.advanceAsync(6500);
    expect(lan.open.filter((each) => !each.startsWith('mdns'))).toEqual(['239.255.250.214:5568']);
    const [asked, sent] = [lan.asked.length, lan.sent.length];
    await clock.advanceAsync(34_000);
    expect([lan.asked.length, lan.sent.length]).toEqual([asked, sent]);
    await clock.advanceAsync(6000);
    expect(lan.asked.length).toBeGreaterThan(asked);
    expect(lan.sent.length).toBeGreaterThan(sent);
    expect(lan.told).toEqual([]);
    await discovery.stop();
  });

  it('[DC36] goes on with cards that come, and lets go of those that went', async () => {
    const { lan, clock, discovery } = stage();
    lan.cards = [];
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(6000);
    expect(lan.open).toEqual([]);
    lan.cards = [lanCard('eth0', '10.0.0.5'), lanCard('wlan0', '10.1.0.5')];
    await clock.advanceAsync(8000);
    expect(lan.open).toEqual(expect.arrayContaining(['mdns 10.0.0.5', 'mdns 10.1.0.5']));
    expect(new Set(lan.told.map(({ card }) => card))).toEqual(new Set(['eth0', 'wlan0']));
    expect(lan.sent.map(({ to }) => to.address)).toContain('10.1.0.255');
    lan.cards = [lanCard('wlan0', '10.1.0.6')];
    await clock.advanceAsync(20_000);
    expect(lan.open.filter((each) => each.startsWith('mdns'))).toEqual(['mdns 10.1.0.6']);
    const addresses = lan.told.at(-1)?.records.flatMap((record) => (record.type === 'A' ? [record.data] : []));
    expect(addresses).toEqual(['10.1.0.6']);
    lan.failMdns();
    await clock.advanceAsync(6000);
    expect(lan.open).toContain('mdns 10.1.0.6');
    await discovery.stop();
  });

  it('[DC1] knows by which card something was heard, and leaves out who is on none of its networks', async () => {
    const { lan, clock, discovery } = stage();
    lan.cards = [lanCard('eth0', '10.0.0.5'), lanCard('wlan0', '10.1.0.5')];
    await discovery.setMode('find');
    await clock.advanceAsync(100);
    lan.answer(oscService('Desk', '10.1.0.9'), '10.1.0.9');
    lan.answer(oscService('Far', '192.168.0.9'), '192.168.0.9');
    const [packet = new Uint8Array()] = buildDiscoveryPackets({ cid: ownCid, sourceName: 'Me' }, [1]);
    lan.arrive(5568, packet, { address: '10.0.0.5', port: 5568 });
    const other = { cid: ownCid.replace(/a$/, 'b'), sourceName: 'Pult' };
    for (const page of buildDiscoveryPackets(other, [1, 2]))
      lan.arrive(5568, page, { address: '10.0.0.7', port: 5568 });
    const [broadcastPort = 0] = lan.portsAt('10.0.0.5');
    const welcome = discoveryAnswer({ name: 'Router', session: 's', time: 0 });
    lan.arrive(broadcastPort, welcome, { address: '10.0.0.8', port: 7331 });
    lan.arrive(broadcastPort, welcome, { address: '192.168.0.8', port: 7331 });
    lan.arrive(broadcastPort, Buffer.from('rubbish'), { address: '10.0.0.8', port: 7331 });
    const found = discovery.state().things.map(({ kind, name, sources, universes }) => {
      return [kind, name, sources.map(({ networkCard }) => networkCard), universes];
    });
    expect(found).toEqual([
      ['osc', 'Desk', ['wlan0'], []],
      ['sacn', 'Pult', ['eth0'], [1, 2]],
      ['clasp', 'Router', ['eth0'], []],
    ]);
    await discovery.stop();
  });

  it('[DC13] asks for what a packet left out, each name once in five seconds and few in all', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find');
    await clock.advanceAsync(20_000);
    const before = lan.asked.length;
    const pointers = Array.from({ length: 2000 }, (_, i) => {
      return { name: '_osc._udp.local', type: 'PTR', ttl: 9, data: `n${i}._osc._udp.local` } as const;
    });
    for (let i = 0; i < 10; i++) lan.answer(pointers.slice(0, 2), '10.0.0.9');
    expect(lan.asked.length - before).toBe(4);
    for (let i = 0; i < 2000; i += 50) lan.answer(pointers.slice(i, i + 50), '10.0.0.9');
    expect(lan.asked.length - before).toBeLessThanOrEqual(50);
    await discovery.stop();
  });

  it('[DC38] tells changes twice a second, so many at once', async () => {
    const { lan, clock, discovery, changes } = stage();
    await discovery.setMode('find');
    await clock.advanceAsync(100);
    changes.length = 0;
    for (let i = 0; i < 245; i++) lan.answer(oscService(`Desk ${i}`, '10.0.0.9'), '10.0.0.9');
    expect(changes).toEqual([]);
    await clock.advanceAsync(2000);
    expect(changes.map(({ changed, gone }) => [changed.length, gone.length])).toEqual([
      [toldAtOnceMax, 0],
      [45, 0],
    ]);
    await clock.advanceAsync(130_000);
    expect(changes.at(-1)).toMatchObject({ changed: [], gone: { length: 45 } });
    await discovery.stop();
  });

  it('[DC9] takes for gone what does not answer when somebody looks again', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find');
    for (const name of ['Stays', 'Goes']) lan.answer(oscService(name, '10.0.0.9'), '10.0.0.9');
    await clock.advanceAsync(1000);
    for (const name of ['Stays', 'Goes']) lan.answer(oscService(name, '10.0.0.9'), '10.0.0.9');
    discovery.look();
    await clock.advanceAsync(2000);
    lan.answer(oscService('Stays', '10.0.0.9'), '10.0.0.9');
    expect(discovery.state().things).toHaveLength(2);
    await clock.advanceAsync(9000);
    expect(discovery.state().things.map(({ name }) => name)).toEqual(['Stays']);
    await discovery.stop();
  });

  it('[DC43] says what keeps it from finding all, and tries again', async () => {
    const { lan, clock, discovery, changes } = stage();
    lan.closedPorts.add(5568);
    await discovery.setMode('find');
    await clock.advanceAsync(1000);
    expect(changes.at(-1)?.troubles).toEqual(['UDP port 5568 is used by another program on this machine.']);
    lan.closedPorts.clear();
    await clock.advanceAsync(6000);
    expect(changes.at(-1)?.troubles).toEqual([]);
    await discovery.stop();
  });

  it('[DC44] leaves the port of Art-Net to another program, and hears what is sent to everybody', async () => {
    const { lan, clock, discovery } = stage();
    lan.takenPorts.add(6454);
    await discovery.setMode('find');
    await clock.advanceAsync(3000);
    expect(lan.open).toContain('10.0.0.255:6454');
    expect(lan.open).not.toContain('0.0.0.0:6454');
    expect(lan.sent.filter(({ to }) => to.port === 6454)).not.toEqual([]);
    expect(discovery.state().troubles).toEqual([
      'UDP port 6454 is used by another program on this machine. Art-Net nodes that answer this machine alone are not found.',
    ]);
    await discovery.stop();
  });
});

describe('showing the router', () => {
  it('[DC39] happens on the networks from which it is reached, and on no other', async () => {
    const { lan, clock, discovery } = stage('10.1.0.5');
    lan.cards = [lanCard('eth0', '10.0.0.5'), lanCard('wlan0', '10.1.0.5')];
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(8000);
    expect(new Set(lan.told.map(({ card }) => card))).toEqual(new Set(['wlan0']));
    ask(lan, '10.0.0.7');
    expect(answers(lan)).toEqual([]);
    ask(lan, '10.1.0.7');
    expect(answers(lan)).toEqual(['10.1.0.7']);
    await discovery.stop();
  });

  it('[DC39] never happens for a router that lets in this machine alone', async () => {
    for (const host of ['127.0.0.1', 'localhost', '::1']) {
      const { lan, clock, discovery } = stage(host);
      await discovery.setMode('find-and-show');
      await clock.advanceAsync(8000);
      ask(lan, '10.0.0.7');
      expect([lan.told, answers(lan)]).toEqual([[], []]);
      expect(discovery.state().troubles).toEqual([
        'The router lets in nobody but this machine, so it is not shown on the network.',
      ]);
      await discovery.stop();
    }
  });

  it('[DC39] never happens in the mode that finds alone', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find');
    await clock.advanceAsync(8000);
    ask(lan, '10.0.0.7');
    expect([lan.told, answers(lan)]).toEqual([[], []]);
    await discovery.stop();
  });

  it('[DC40] answers neighbours alone, not itself, and no other bytes', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(1000);
    for (const stranger of ['192.168.7.7', '8.8.8.8']) ask(lan, stranger);
    const [own = 0] = lan.portsAt('10.0.0.5');
    lan.arrive(7331, discoveryRequest(), { address: '10.0.0.5', port: own });
    lan.arrive(7331, discoveryAnswer({ name: 'x', session: 'y', time: 0 }), { address: '10.0.0.7', port: 9 });
    lan.arrive(7331, Buffer.from('S'), { address: '10.0.0.7', port: 9 });
    expect(answers(lan)).toEqual([]);
    for (let i = 0; i < 100; i++) ask(lan, '10.0.0.7');
    expect(answers(lan)).toEqual(['10.0.0.7', '10.0.0.7', '10.0.0.7']);
    await discovery.stop();
  });

  it('[DC40] answers no broadcast for a port that nobody would dial', async () => {
    const { lan, clock, discovery } = stage('0.0.0.0', 7444);
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(3000);
    ask(lan, '10.0.0.7');
    expect(answers(lan)).toEqual([]);
    expect(lan.told).not.toEqual([]);
    expect(discovery.state().troubles).toEqual([
      'Who asks by broadcast takes port 7330 for granted; the router has 7444, so only mDNS shows it.',
    ]);
    await discovery.stop();
  });

  it('[DC61] counts what it heard, what it could not read and what became of questions', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(3000);
    const [port = 0] = lan.portsAt('10.0.0.5');
    const rubbish = Buffer.from('rubbish');
    for (const [to, way] of [
      [port, 1],
      [6454, 2],
      [5568, 3],
      [7331, 4],
    ] as const)
      for (let i = 0; i < way; i++) lan.arrive(to, rubbish, { address: '10.0.0.9', port: 9 });
    for (let i = 0; i < 5; i++) ask(lan, '10.0.0.9');
    lan.garbleMdns();
    lan.answer(oscService('Desk', '10.0.0.9'), '10.0.0.9');
    // For others, or from elsewhere.
    lan.arrive(6454, Buffer.from('Art-Net\0\0\x50\0\x0e', 'latin1'), { address: '10.0.0.9', port: 6454 });
    lan.arrive(5568, sacnData(), { address: '10.0.0.9', port: 5568 });
    for (const to of [port, 6454, 5568, 7331]) lan.arrive(to, rubbish, { address: '192.168.0.9', port: 9 });
    expect(discovery.figures()).toEqual({
      things: 1,
      heard: { mdns: 1, broadcast: 0, artpoll: 0, sacn: 0 },
      unread: { mdns: 1, broadcast: 1, artpoll: 2, sacn: 3 },
      questions: { answered: 3, left: 2, unread: 4 },
    });
    await discovery.setMode('off');
    expect(discovery.figures().unread.sacn).toBe(3);
  });

  it('[DC21] ends with a goodbye', async () => {
    const { lan, clock, discovery } = stage();
    await discovery.setMode('find-and-show');
    await clock.advanceAsync(3000);
    await discovery.setMode('find');
    expect(lan.told.at(-1)?.records.every(({ ttl }) => ttl === 0)).toBe(true);
    await discovery.stop();
  });
});

function stage(host = '0.0.0.0', port = 7330) {
  const lan = new FakeLan();
  const clock = new SimulatedClock();
  const changes: FoundChange[] = [];
  let uuids = 0;
  const discovery = new Discovery({
    ...lan.access,
    clock,
    random: { fraction: () => 0.5, uuid: () => `uuid-${++uuids}` },
    isOwnCid: (cid) => cid === ownCid,
    share: { door: { host, port }, machine: 'foh' },
    onChange: (change) => changes.push(change),
  });
  return { lan, clock, discovery, changes };
}

/** The head of a packet of data, as every sender of levels sends it. */
function sacnData(): Uint8Array {
  const packet = Buffer.alloc(126);
  packet.writeUInt16BE(0x0010, 0);
  packet.write('ASC-E1.17', 4, 'latin1');
  packet.writeUInt32BE(4, 18);
  packet.writeUInt32BE(2, 40);
  return packet;
}

function ask(lan: FakeLan, address: string): void {
  lan.arrive(7331, discoveryRequest(), { address, port: 40_000 });
}

/** Whom the responder answered. */
function answers(lan: FakeLan): readonly string[] {
  return lan.sent.filter(({ from }) => from === '0.0.0.0:7331').map(({ to }) => to.address);
}
