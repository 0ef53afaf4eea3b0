import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ArtnetBridge } from '../../../src-main/bridges/artnet/artnet-bridge.ts';
import { ArtnetPorts } from '../../../src-main/bridges/artnet/artnet-ports.ts';
import type { ArtnetBridge as ArtnetBridgeSettings } from '../../../src-main/contract/show.ts';
import { buildArtPollReply, type ReplyPage, type ReplyPort } from '../../../src-main/core/dmx/artnet/art-poll-reply.ts';
import { readArtnetPacket, type ArtnetPacket } from '../../../src-main/core/dmx/artnet/artnet-packet.ts';
import type { LanCard } from '../../../src-main/ports/lan.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { artnetSettings } from '../bridge-settings.ts';

export const loopback: LanCard = {
  name: 'lo',
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  broadcast: '127.255.255.255',
};

/** Bridges of one machine, at a port of their own on loopback, with chance that always says half. */
export class ArtnetStage {
  readonly clock = new SimulatedClock();
  cards: readonly LanCard[] = [loopback];
  readonly port: number;
  readonly ports: ArtnetPorts;
  readonly #closers: (() => Promise<unknown>)[] = [];

  static async open(): Promise<ArtnetStage> {
    const probe = createSocket('udp4').bind(0);
    await once(probe, 'listening');
    const { port } = probe.address();
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    return new ArtnetStage(port);
  }

  private constructor(port: number) {
    this.port = port;
    const random = { fraction: () => 0.5, uuid: () => '01234567-0000-4000-8000-000000000000' };
    this.ports = new ArtnetPorts({ clock: this.clock, random, lanCards: () => this.cards });
  }

  async bridge(some: Partial<ArtnetBridgeSettings['settings']> = {}) {
    const settings = artnetSettings({ port: this.port, ...some });
    const needs = { clock: this.clock, log: silentLog, artnetPorts: this.ports };
    const [bridge, host] = [new ArtnetBridge(settings, needs), new RecordingHost()];
    await bridge.start(host);
    this.#closers.push(() => bridge.stop());
    return { bridge, host, settings };
  }

  /** Another machine: 127.0.0.2 and so on. */
  async peer(address: string): Promise<Peer> {
    const peer = await Peer.open(address, this.port);
    this.#closers.push(() => peer.close());
    return peer;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}

/** One on the network who hears what is sent to it and to everybody. */
export class Peer {
  readonly address: string;
  readonly heard: ArtnetPacket[] = [];
  readonly #port: number;
  readonly #sockets: readonly Socket[];

  static async open(address: string, port: number): Promise<Peer> {
    const sockets = [address, loopback.broadcast].map((at) =>
      createSocket({ type: 'udp4', reuseAddr: true }).bind({ address: at, port }),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'listening')));
    return new Peer(address, port, sockets);
  }

  private constructor(address: string, port: number, sockets: readonly Socket[]) {
    this.address = address;
    this.#port = port;
    this.#sockets = sockets;
    for (const socket of sockets)
      socket.on('message', (bytes) => this.heard.push(readArtnetPacket(Uint8Array.from(bytes))));
  }

  /** What came of one kind. */
  of<Is extends ArtnetPacket['is']>(is: Is): Extract<ArtnetPacket, { is: Is }>[] {
    return this.heard.filter((packet): packet is Extract<ArtnetPacket, { is: Is }> => packet.is === is);
  }

  /** `portAddress.sequence=level of slot 1` of each ArtDmx */
  get frames(): readonly string[] {
    return this.of('dmx').map(({ portAddress, sequence, levels }) => `${portAddress}.${sequence}=${levels[0]}`);
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#sockets[0]?.send(bytes, this.#port, '127.0.0.1', () => resolve()));
  }

  /** Answers as a node that puts out these port addresses. */
  reply(outputs: readonly number[], some: Partial<ReplyPage> = {}): Promise<void> {
    const off = { isActive: false, isMerging: false, isLtp: false };
    const ports = outputs.map((portAddress): ReplyPort => ({ ...off, portAddress, way: 'out' }));
    const names = { shortName: 'rack', longName: `Rack ${this.address}`, report: '#0001 [0001] ok' };
    return this.send(buildArtPollReply({ address: this.address, bindIndex: 1, ...names, ...some, ports }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }
}
