import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { UnavailableError } from '../../contract/errors.ts';
import { millis } from '../../contract/units.ts';
import type { WhatStands } from '../../ports/bridge.ts';
import { findOwnPlace, type OwnPlace } from './listen-addresses.ts';
import type { OscPacket, OscWire, OscWireOptions } from './osc-wire.ts';
import { PacedRoom } from './paced-room.ts';
import { TcpDial } from './tcp-dial.ts';
import { TcpLine } from './tcp-line.ts';

/** Others that are connected at once; further ones are sent away. */
export const clientsMax = 64;
/** How long what was written last may take to leave. */
const farewell = millis(300);

/** OSC over TCP: a port that others connect to, connections to targets, or both. */
export class OscTcp implements OscWire {
  readonly #options: OscWireOptions;
  readonly #clients = new Set<TcpLine>();
  /** of all clients together: anybody may connect */
  readonly #room = new PacedRoom();
  #dials: readonly TcpDial[] = [];
  #server: Server | undefined;
  #isClosed = false;

  constructor(options: OscWireOptions) {
    this.#options = options;
  }

  get listenPort(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async open(): Promise<void> {
    const { settings, clock, networkCards } = this.#options;
    const place = await findOwnPlace({ ...settings, direction: 'both' }, { clock, networkCards });
    if (settings.role !== 'connect') await this.#listen(place);
    if (settings.role === 'listen') return;
    const localAddress = place.card?.address;
    this.#dials = settings.targets.map((target) => new TcpDial({ ...this.#options, ...target, localAddress }));
    await Promise.all(this.#dials.map((dial) => dial.begin()));
  }

  send(packet: OscPacket, standing?: WhatStands): void {
    if (this.#isClosed) return;
    const [only, stands] = [standing?.only, standing !== undefined];
    for (const client of this.#clients) if (!only || only.has(client)) client.send(packet, stands);
    for (const dial of this.#dials) if (!only || (dial.line && only.has(dial.line))) dial.send(packet, stands);
  }

  troubles(): readonly string[] {
    return this.#dials.flatMap(({ trouble }) => trouble ?? []);
  }

  ends(): { readonly there: number; readonly wanted: number } {
    const dialled = this.#dials.filter(({ line }) => line !== undefined).length;
    return { there: this.#clients.size + dialled, wanted: this.#clients.size + this.#dials.length };
  }

  get waiting(): number {
    const lines = [...this.#clients, ...this.#dials.flatMap(({ line }) => line ?? [])];
    return lines.reduce((sum, line) => sum + line.waiting, 0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = this.#server && new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    let cancel = (): void => undefined;
    const limit = new Promise<void>((resolve) => (cancel = this.#options.clock.after(farewell, resolve)));
    const lines = [...this.#clients].map((client) => client.close(limit));
    await Promise.all([...lines, ...this.#dials.map((dial) => dial.close(limit))]);
    cancel();
    await closed;
  }

  async #listen({ address }: OwnPlace): Promise<void> {
    const { listenPort: port } = this.#options.settings;
    const server = createServer((socket) => this.#admit(socket));
    server.maxConnections = clientsMax;
    try {
      server.listen({ host: address, port });
      await once(server, 'listening');
    } catch (cause) {
      throw openFailure(cause, address, port);
    }
    server.on('drop', () => this.#options.refuse(`more than ${clientsMax} wanted to be connected at once`));
    server.on('error', (cause) => {
      if (this.#isClosed) return;
      this.#options.fault(new UnavailableError('link-closed', `The TCP port failed: ${cause.message}.`, {}, { cause }));
    });
    this.#server = server;
  }

  #admit(socket: Socket): void {
    if (this.#isClosed) return void socket.destroy();
    const { settings, hear, left, refuse, arrived } = this.#options;
    const line = new TcpLine(socket, settings.framing, {
      ...{ hear, left, refuse, room: this.#room },
      onClose: (closed) => void this.#clients.delete(closed),
    });
    this.#clients.add(line);
    arrived(line);
  }
}

function openFailure(cause: unknown, address: string, port: number): UnavailableError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const details = { address, port, code };
  if (code === 'EADDRINUSE') {
    const message = `TCP port ${port} is used by another program, or another bridge. Close it there, or choose another port.`;
    return new UnavailableError('port-in-use', message, details, { cause });
  }
  const sentences: Record<string, string> = {
    EADDRNOTAVAIL: `This machine has no address ${address}.`,
    EACCES: `The system does not allow port ${port}. Choose one above 1023.`,
  };
  const message = sentences[code] ?? `TCP port ${port} on ${address} cannot be opened: ${code}.`;
  return new UnavailableError('cannot-open-port', message, details, { cause });
}
