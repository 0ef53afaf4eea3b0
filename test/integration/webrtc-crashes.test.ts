import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { freeUdpPort } from './free-udp-port.ts';
import { oneOf, seededChance, wholeNumber, type Chance } from '../seeded-chance.ts';
import { until } from '../until.ts';
import { joinSignalling, offerFrom } from '../transports/webrtc/raw-peer.ts';
import { openSignallingRouter, webRtcOf } from '../transports/webrtc/webrtc-fixture.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const packets = 20_000;

interface Started {
  readonly child: ChildProcess;
  stdout(): string;
  ending(): string | undefined;
}

/** A process of its own: when native code fails, it is that one that ends. */
function start(file: string, argument: string): Started {
  const path = fileURLToPath(new URL(`../transports/webrtc/${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, argument], { stdio: ['pipe', 'pipe', 'inherit'] });
  let [stdout, ending] = ['', undefined as string | undefined];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.once('exit', (code, signal) => (ending = `${code} ${signal}`));
  ends.push(() => child.kill('SIGKILL'));
  return { child, stdout: () => stdout, ending: () => ending };
}

/** What a peer and a router say to each other in their first moment. */
async function recordFlight(): Promise<readonly Buffer[]> {
  const signalling = await openSignallingRouter();
  const session = await joinSignalling(signalling.url);
  const heard: Buffer[] = [];
  const ear = createSocket('udp4').on('message', (packet) => heard.push(packet));
  await new Promise<void>((resolve) => ear.bind(0, '127.0.0.1', resolve));
  const transport = webRtcOf(signalling);
  const listening = await transport.listen(() => undefined);
  const raw = offerFrom(session, { labels: ['clasp-reliable'] });
  await until('the answer', () => session.heard.some(({ type }) => type === 'answer'));
  session.tell({
    type: 'ice_candidate',
    correlationId: 'raw',
    candidate: `candidate:1 1 UDP 2130706431 127.0.0.1 ${ear.address().port} typ host`,
  });
  await until('an ICE check', () => heard.length > 1);
  raw.close();
  session.close();
  ear.close();
  await listening.stop();
  await signalling.stop();
  return heard;
}

/** DTLS 1.2: a handshake record with whatever behind it. */
function dtlsRecord(chance: Chance): Buffer {
  const body = noise(chance, wholeNumber(chance, 0, 300));
  const record = Buffer.concat([Buffer.of(oneOf(chance, [20, 21, 22, 23, 25]), 0xfe, 0xfd), Buffer.alloc(10), body]);
  record.writeUInt16BE(oneOf(chance, [body.length, 0, 65_535]), 11);
  return record;
}

function noise(chance: Chance, sizeBytes: number): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, () => wholeNumber(chance, 0, 255)));
}

function flipped(chance: Chance, packet: Buffer): Buffer {
  const copy = Buffer.from(packet);
  for (let flips = wholeNumber(chance, 1, 8); flips > 0; flips--) {
    const at = wholeNumber(chance, 0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << wholeNumber(chance, 0, 7));
  }
  return chance() < 0.2 ? copy.subarray(0, wholeNumber(chance, 1, copy.length)) : copy;
}

function send(socket: Socket, packet: Buffer, port: number): Promise<void> {
  return new Promise((resolve) => socket.send(packet, port, '127.0.0.1', () => resolve()));
}

describe('the native library', () => {
  it(
    `[TP80] outlives what strangers send to its port, and lets others in (SEED=${seed})`,
    { timeout: 120_000 },
    async () => {
      console.info(`hostile packets: SEED=${seed}`);
      const chance = seededChance(seed);
      const flight = await recordFlight();
      const port = await freeUdpPort();
      const door = start('door-child.ts', String(port));
      await until('the door', () => door.stdout().includes('\n'));
      const url = door.stdout().trim().replace('webrtc+', '');
      const session = await joinSignalling(url);
      ends.push(session.close);
      const early = offerFrom(session, { labels: ['clasp-reliable'], correlationId: 'early' });
      ends.push(early.close);
      await until('a peer', () => early.channels.every((channel) => channel.isOpen()));
      const socket = createSocket('udp4');
      ends.push(() => socket.close());
      const kinds = [
        () => noise(chance, wholeNumber(chance, 0, 1500)),
        () => flipped(chance, oneOf(chance, flight)),
        () => oneOf(chance, flight),
        () => dtlsRecord(chance),
      ];
      for (let i = 0; i < packets && door.ending() === undefined; i++) await send(socket, oneOf(chance, kinds)(), port);
      expect(door.ending()).toBeUndefined();
      expect(early.closed).toEqual([]);
      const late = offerFrom(session, { labels: ['clasp-reliable'], correlationId: 'late' });
      ends.push(late.close);
      await until('an honest peer', () => late.channels.every((channel) => channel.isOpen()));
      door.child.stdin?.write('counts\n');
      await until('the counts', () => door.stdout().includes('}'));
      const { stranger } = JSON.parse(door.stdout().split('\n')[1] ?? '') as Record<string, number>;
      expect(stranger).toBeGreaterThan(packets / 10);
    },
  );

  it('[TP82] tells within a minute that a peer was killed', { timeout: 90_000 }, async () => {
    const signalling = await openSignallingRouter();
    ends.push(signalling.stop);
    const closed: string[] = [];
    let accepted = 0;
    const { url, stop } = await webRtcOf(signalling).listen((connection) => {
      accepted++;
      connection.onClose((reason) => closed.push(reason));
    });
    ends.push(stop);
    const { child } = start('peer-child.ts', url);
    await until('the peer', () => accepted === 1);
    child.kill('SIGKILL');
    await until('its end', () => closed.length > 0, 60_000);
    expect(closed).toEqual([
      expect.stringMatching(/^(closed by the peer|the peer (cannot be reached|was not heard) any more)$/) as string,
    ]);
  });
});
