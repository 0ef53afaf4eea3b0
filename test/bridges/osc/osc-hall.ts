import { createSocket, type Socket as UdpPort } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { OscBridge } from '../../../src-main/bridges/osc/osc-bridge.ts';
import { decodeOscPacket, encodeOscMessage, type OscMessage } from '../../../src-main/bridges/osc/osc-codec.ts';
import { createPacketSplitter, framePacket } from '../../../src-main/bridges/osc/osc-framing.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { OscSettings } from '../../../src-main/contract/bridges/osc.ts';
import { f32, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { listNetworkCards } from '../../../src-main/platform/network-interfaces.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { DeviceIsBack, WhatStands } from '../../../src-main/ports/bridge.ts';
import type { Clock } from '../../../src-main/ports/clock.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { oscSettings } from '../bridge-settings.ts';

/** Everything that tests of OSC open; closed by `clear`. */
export class OscHall {
  readonly clock = new SimulatedClock();
  readonly #closers: (() => unknown)[] = [];

  /** A started bridge, on a free port of the loopback. */
  async bridge(some: Partial<OscSettings> = {}) {
    const host = new RecordingHost();
    const bridge = new OscBridge(oscSettings({ targets: [], ...some }), needsOf(this.clock));
    await bridge.start(host);
    this.#closers.push(() => bridge.stop());
    const port = Number(/^(?:tcp )?[^ ]*:(\d+)/.exec(bridge.status().url)?.[1] ?? 0);
    return { bridge, host, port };
  }

  /** Somebody who speaks OSC by UDP. */
  async device(port = 0, address = '127.0.0.1'): Promise<UdpDevice> {
    const socket = createSocket('udp4').bind(port, address);
    await once(socket, 'listening');
    const device = new UdpDevice(socket);
    this.#closers.push(() => device.close());
    return device;
  }

  /** A program that others connect to by TCP. */
  async server(framing: OscSettings['framing'], port = 0): Promise<TcpDevice> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const device = new TcpDevice(server, framing);
    this.#closers.push(() => device.close());
    return device;
  }

  /** A program that connects to a bridge. */
  async client(port: number, framing: OscSettings['framing']): Promise<TcpPeer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    this.#closers.push(() => socket.destroy());
    return new TcpPeer(socket, framing);
  }

  async clear(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

export class UdpDevice {
  readonly heard: OscMessage[] = [];
  readonly packets: Buffer[] = [];
  /** who sent the last one */
  from = 0;
  readonly #socket: UdpPort;
  #isClosed = false;

  constructor(socket: UdpPort) {
    this.#socket = socket;
    socket.on('message', (bytes, { port }) => {
      this.from = port;
      this.packets.push(bytes);
      this.heard.push(...decodeOscPacket(bytes).messages);
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get paths(): string[] {
    return this.heard.map(({ address }) => address);
  }

  say(path: string, port: number, value: Value = f32(1)): void {
    this.#socket.send(encodeOscMessage(path, value), port, '127.0.0.1');
  }

  sendRaw(bytes: DataView | Uint8Array, port: number): void {
    this.#socket.send(bytes, port, '127.0.0.1');
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

export class TcpPeer {
  readonly paths: string[] = [];
  /** the newest of each path */
  readonly values = new Map<string, Value>();
  readonly socket: Socket;
  isClosed = false;
  readonly #framing: OscSettings['framing'];

  constructor(socket: Socket, framing: OscSettings['framing']) {
    this.socket = socket;
    this.#framing = framing;
    const splitter = createPacketSplitter(
      framing,
      (packet) => {
        for (const { address, value } of decodeOscPacket(packet).messages) {
          this.paths.push(address);
          this.values.set(address, value);
        }
      },
      () => this.paths.push('malformed'),
    );
    socket.on('data', (chunk) => splitter.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.isClosed = true));
  }

  say(path: string, value: Value = f32(1)): void {
    this.socket.write(framePacket(this.#framing, encodeOscMessage(path, value)));
  }
}

export class TcpDevice {
  readonly peers: TcpPeer[] = [];
  readonly #server: Server;

  constructor(server: Server, framing: OscSettings['framing']) {
    this.#server = server;
    server.on('connection', (socket) => this.peers.push(new TcpPeer(socket, framing)));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    for (const { socket } of this.peers) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** The needs of a bridge that knows this time alone. */
export function needsOf(clock: Clock) {
  return { clock, log: silentLog, random: createSystemRandom(), networkCards: () => listNetworkCards() };
}

export function to(...ports: number[]): OscSettings['targets'] {
  return ports.map((port) => ({ host: '127.0.0.1', port }));
}

export function param(address: string, value: Value = f32(1)): Signal {
  return { kind: 'param', address: parseAddress(address), value };
}

/** How the engine hands over what stands. */
export function onlyOf({ only }: DeviceIsBack = {}): WhatStands {
  return only ? { only: new Set([only]) } : {};
}
