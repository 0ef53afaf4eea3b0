import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';
import { NetworkHall, type Avahi } from './network-hall.ts';
import { canMakeNamespaces, noNamespaces } from './network-namespace.ts';
import { hasOla, oladDevice, startOlad } from './olad.ts';

const isPossible = await canMakeNamespaces();
const hasAvahi = ['avahi-daemon', 'avahi-browse', 'dbus-daemon', 'unshare', 'nsenter'].every(hasProgram);
const child = fileURLToPath(new URL('mdns-advert-child.ts', import.meta.url));
/** A router that others reach, and that shows itself. */
const shown = ['--no-ui', '--port', '7330', '--host', '0.0.0.0', '--allow-unauthenticated', '--discovery', 'show'];

const foundLine = z.looseObject({
  kind: z.string(),
  name: z.string(),
  url: z.string().nullable(),
  addresses: z.array(z.string()),
  features: z.array(z.string()),
  universes: z.array(z.int()),
  sources: z.array(z.looseObject({ way: z.string(), networkCard: z.string().nullable(), from: z.string() })),
});

describe('discovery and Avahi on two machines', () => {
  skipUnless(isPossible, noNamespaces);
  skipUnless(hasAvahi, notInstalled('avahi-daemon', 'avahi-daemon, avahi-utils, dbus'));
  const hall = new NetworkHall();
  let avahi: Avahi;

  beforeAll(async () => {
    if (isPossible && hasAvahi) await hall.build();
  }, 60_000);
  afterEach(() => hall.killStarted());
  afterAll(async () => {
    if (isPossible && hasAvahi) await hall.tearDown();
  });

  it('[DC51] finds what Avahi publishes, of every kind, and forgets it at its goodbye', async () => {
    avahi = await hall.startAvahi();
    const desk = await avahi.publish('-s', 'Desk 2.0', '_clasp._tcp', '7340', 'version=2', 'features=pes', 'ws=7341');
    await avahi.publish('-s', 'Fader', '_osc._udp', '9000');
    await avahi.publish('-s', 'Server', '_http._tcp', '80', 'path=/show');
    await avahi.publish('-s', 'Broker', '_mqtt._tcp', '1883');
    const find = () => discover(hall);
    expect((await find()).map(({ kind, name, url, sources }) => [kind, name, url, sources[0]?.way])).toEqual(
      expect.arrayContaining([
        ['clasp', 'Desk 2.0', 'ws://10.80.0.2:7341/clasp', 'mdns'],
        ['osc', 'Fader', 'udp://10.80.0.2:9000', 'mdns'],
        ['http', 'Server', 'http://10.80.0.2:80/show', 'mdns'],
        ['mqtt', 'Broker', 'mqtt://10.80.0.2:1883', 'mdns'],
      ]),
    );
    desk.child.kill('SIGTERM');
    await until('the end', () => desk.child.exitCode !== null || desk.child.signalCode !== null);
    expect((await find()).map(({ name }) => name).toSorted()).toEqual(['Broker', 'Fader', 'Server']);
  });

  it('[DC50] is found by Avahi, with its TXT record, and not any more after its goodbye', async () => {
    avahi = await hall.startAvahi();
    const router = await serve(hall);
    const line = await browsed(avahi, (text) => /^=.*Flyrail/m.test(text));
    expect(line).toMatch(
      /^=;lan;IPv4;Flyrail\\032on\\032\S+;_clasp\._tcp;local;flyrail-\S+\.local;10\.80\.0\.1;7330;/m,
    );
    for (const pair of ['version=2', 'features=pestg', 'ws=7330', 'name=Flyrail on ']) expect(line).toContain(pair);
    expect((await router.stop()).code).toBe(0);
    await browsed(avahi, (text) => !text.includes('Flyrail'));
  });

  it('[DC52] takes another name than one that Avahi has, and keeps its own when Avahi wants it', async () => {
    avahi = await hall.startAvahi();
    const first = await serve(hall);
    const own = nameIn(await browsed(avahi, (text) => /^=.*Flyrail/m.test(text)));
    const rival = await avahi.publish('-s', own, '_clasp._tcp', '9999');
    expect(rival.output()).toContain(`Established under name '${own} #2'`);
    await first.stop();
    await browsed(avahi, (text) => /^=.*\\0352/m.test(text) && !text.includes('7330'));
    rival.child.kill('SIGKILL');
    await avahi.publish('-s', own, '_clasp._tcp', '9998');
    const second = await serve(hall);
    const text = await browsed(avahi, (now) => /^=.*;7330;/m.test(now));
    expect(text).toMatch(/^=.*\\032\\0402\\041;_clasp.*;7330;/m);
    expect(text).toMatch(/^=.*;9998;/m);
    await second.stop();
  });

  it('[DC54] is forgotten by Avahi when it is killed, once its time is over', async () => {
    avahi = await hall.startAvahi();
    const advert = hall.start(hall.hall, process.execPath, child);
    await browsed(avahi, (text) => /^=.*Brief/m.test(text));
    advert.child.kill('SIGKILL');
    await browsed(avahi, (text) => !text.includes('Brief'));
  });

  it('[DC54] forgets what is killed: nobody answers', async () => {
    avahi = await hall.startAvahi();
    await avahi.publish('-s', 'Fader', '_osc._udp', '9000');
    expect((await discover(hall)).map(({ name }) => name)).toEqual(['Fader']);
    avahi.daemon.child.kill('SIGKILL');
    await until('the end', () => avahi.daemon.child.signalCode !== null);
    expect(await discover(hall)).toEqual([]);
  });

  it('[DC55] tells a network that comes while it runs, with the address that it has there', async () => {
    avahi = await hall.startAvahi();
    const router = await serve(hall);
    await browsed(avahi, (text) => /^=;lan;/m.test(text));
    await hall.addCable('lan2', 2);
    const text = await browsed(avahi, (now) => /^=;lan2;.*Flyrail/m.test(now));
    expect(text).toMatch(/^=;lan2;IPv4;.*;10\.80\.2\.1;7330;/m);
    expect(text).toMatch(/^=;lan;IPv4;.*;10\.80\.0\.1;7330;/m);
    await hall.pullCable('lan2');
    await router.stop();
  });
});

describe('discovery by broadcast between two machines', () => {
  skipUnless(isPossible, noNamespaces);
  const hall = new NetworkHall();

  beforeAll(async () => {
    if (isPossible) await hall.build();
  }, 60_000);
  afterEach(() => hall.killStarted());
  afterAll(async () => {
    if (isPossible) await hall.tearDown();
  });

  it('[DC56] answers a discoverer of another program with WELCOME, by its broadcast address, a few times only', async () => {
    const router = await serve(hall);
    const asker = hall.start(hall.peer, '/usr/bin/python3', '-c', discoverer, '10.80.0.255');
    await until('the discoverer', () => asker.child.exitCode !== null);
    const answers = asker.output().trim().split('\n');
    expect(answers).toHaveLength(3);
    for (const answer of answers) expect(answer).toMatch(/^10\.80\.0\.1 7331 530100[0-9a-f]{2}02/);
    expect(Buffer.from(answers[0]?.split(' ')[2] ?? '', 'hex').toString('latin1')).toContain('Flyrail on ');
    await router.stop();
  });

  it('[DC56] finds routers of another program, whether they answer with WELCOME or with ANNOUNCE', async () => {
    for (const frame of [welcomeFrame, announceFrame]) {
      const responder = hall.start(hall.peer, '/usr/bin/python3', '-u', '-c', answering, frame);
      await until('the responder', () => responder.output().includes('ready'));
      expect(await discover(hall)).toMatchObject([
        { kind: 'clasp', url: 'ws://10.80.0.2:7330/clasp', sources: [{ way: 'broadcast', networkCard: 'lan' }] },
      ]);
      expect(responder.output()).toContain('530100100101000009446973636f766572790000');
      responder.child.kill('SIGKILL');
    }
  });

  it('[DC59] two Flyrails find each other in two ways as one thing', async () => {
    const router = await serve(hall, hall.peer);
    expect(await discover(hall)).toMatchObject([
      { kind: 'clasp', features: ['p', 'e', 's', 't', 'g'], sources: [{ way: 'mdns' }, { way: 'broadcast' }] },
    ]);
    await router.stop();
  });
});

describe('discovery and OLA on two machines', () => {
  skipUnless(isPossible, noNamespaces);
  skipUnless(hasOla, notInstalled('olad', 'ola'));
  const hall = new NetworkHall();

  beforeAll(async () => {
    if (isPossible && hasOla) await hall.build();
  }, 60_000);
  afterAll(async () => {
    if (isPossible && hasOla) await hall.tearDown();
  });

  it('[DC57] finds its Art-Net node by a poll, and its sACN source by what it tells of its universes', async () => {
    await startOla(hall);
    const found = await discover(hall, '12');
    expect(found.toSorted((one, other) => one.kind.localeCompare(other.kind))).toMatchObject([
      {
        kind: 'artnet',
        name: 'Rack left',
        addresses: ['10.80.0.2'],
        sources: [{ way: 'artpoll', networkCard: 'lan' }],
      },
      {
        kind: 'sacn',
        name: expect.stringMatching(/OLA Server$/) as string,
        universes: [5],
        sources: [{ way: 'sacn', networkCard: 'lan' }],
      },
    ]);
    // Net 1, subnet 2, and the universe that it was given.
    expect(found.find(({ kind }) => kind === 'artnet')?.universes).toContain((1 << 8) | (2 << 4) | 10);
  });
});

/** OLA with one Art-Net node and one sACN source, and nothing else. */
async function startOla(hall: NetworkHall): Promise<void> {
  const plugins = {
    artnet: 'enabled = true\nip = 10.80.0.2\nlong_name = Rack left\nshort_name = Rack\nnet = 1\nsubnet = 2\n',
    e131: 'enabled = true\nip = 10.80.0.2\ndraft_discovery = true\n',
  };
  const ola = await startOlad(hall, { plugins, awaits: /E1\.31/ });
  await ola.run('ola_patch', '-d', oladDevice(ola, /ArtNet/), '-p', '0', '-i', '-u', '10');
  await ola.run('ola_patch', '-d', oladDevice(ola, /E1\.31/), '-p', '0', '-u', '5');
  await ola.run('ola_set_dmx', '-u', '5', '-d', '1,2,3');
}

/** Twenty times the bytes of V-UDP; prints who answered with what. */
const discoverer = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.settimeout(0.7)
for i in range(20): s.sendto(bytes.fromhex('530100100101000009446973636f766572790000'), (sys.argv[1], 7331))
try:
    while True:
        data, (host, port) = s.recvfrom(2048)
        print(host, port, data.hex())
except socket.timeout: pass
`;
/** Answers everything on 7331 with one frame; prints what it heard. */
const answering = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 7331))
print('ready')
while True:
    data, who = s.recvfrom(2048)
    print(data.hex())
    s.sendto(bytes.fromhex(sys.argv[1]), who)
`;
const welcomeFrame = ['53010016', '0201e0', '0006000000000000', '000173', '00044465736b', '0000'].join('');
const announceFrame = ['5301000a', '03', '00052f6465736b', '0000'].join('');

async function serve(hall: NetworkHall, machine = hall.hall): Promise<FlyrailProcess> {
  const router = startServe(temporaryFolder(), shown, { command: hall.flyrailOn(machine) });
  await router.ready();
  return router;
}

/** What `flyrail discover` of the first machine lists. */
async function discover(hall: NetworkHall, seconds = '3') {
  const flyrail = startFlyrail(['discover', '--json', '--seconds', seconds], { command: hall.flyrailOn(hall.hall) });
  const { code } = await flyrail.end;
  expect([code, flyrail.stderr()]).toEqual([0, '']);
  const lines = flyrail.stdout().split('\n').slice(0, -1);
  return lines.map((line) => foundLine.parse(JSON.parse(line)));
}

/** What Avahi lists, as soon as it is as expected. */
async function browsed(avahi: Avahi, isThere: (text: string) => boolean): Promise<string> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const text = await avahi.browse('_clasp._tcp');
    if (isThere(text)) return text;
    if (performance.now() > deadline) throw new Error(`Avahi does not list what was expected:\n${text}`);
  }
}

/** The name of the first service, as people read it. */
function nameIn(text: string): string {
  const escaped = /^=;[^;]*;[^;]*;([^;]*);/m.exec(text)?.[1] ?? '';
  return escaped.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\\(.)/g, '$1');
}
