import type { Socket } from 'node:net';
import type { OscSettings } from '../../contract/bridges/osc.ts';
import { AppError } from '../../contract/errors.ts';
import { createPacketSplitter, framePacket } from './osc-framing.ts';
import { nameOf, type OscEnd, type OscPacket, type OscWireOptions } from './osc-wire.ts';
import type { PacedRoom } from './paced-room.ts';
import { SlowLine } from './slow-line.ts';

/** How often the system looks whether a silent peer is still there. */
const lookEveryMs = 10_000;

interface TcpLineOptions extends Pick<OscWireOptions, 'hear' | 'left' | 'refuse'> {
  /** bounds what waits for a slow reader */
  readonly room: PacedRoom;
  /** as the operator wrote it; the peer's own address without */
  readonly name?: string;
  /** @param why a sentence; undefined when the peer ended it in order */
  readonly onClose: (line: TcpLine, why: string | undefined) => void;
}

/** One open TCP connection that carries OSC packets both ways. */
export class TcpLine implements OscEnd {
  readonly name: string;
  readonly #socket: Socket;
  readonly #framing: OscSettings['framing'];
  readonly #out: SlowLine;
  readonly #options: TcpLineOptions;
  #why: string | undefined;

  constructor(socket: Socket, framing: OscSettings['framing'], options: TcpLineOptions) {
    const { room, left, refuse } = options;
    this.name = options.name ?? nameOf(socket.remoteAddress ?? '?', socket.remotePort ?? 0);
    this.#socket = socket;
    this.#framing = framing;
    this.#options = options;
    this.#out = new SlowLine(socket, {
      room,
      left,
      dropped: () => refuse(`${this.name} reads too slowly, so older values were left out`),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, lookEveryMs);
    this.#listen();
  }

  get waiting(): number {
    return this.#out.waiting;
  }

  send(packet: OscPacket, stands: boolean): void {
    this.#out.send({ bytes: framePacket(this.#framing, packet.bytes), key: packet.key }, stands);
  }

  /** Settles when it is closed; what was written before still leaves, within a moment.
   *  @param limit settles when it is no longer waited for */
  close(limit: Promise<unknown>): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#socket.closed) resolve();
      else this.#socket.once('close', () => resolve());
    });
    this.#socket.end();
    void limit.then(() => this.#socket.destroy());
    return closed;
  }

  #listen(): void {
    const { hear, refuse, onClose } = this.#options;
    const splitter = createPacketSplitter(
      this.#framing,
      (packet) => hear(packet, this),
      () => refuse('something came in that is not SLIP'),
    );
    this.#socket.on('data', (chunk) => {
      if (this.#why !== undefined) return;
      try {
        splitter.read(chunk);
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause;
        this.#why = cause.message;
        refuse(`${this.name}: ${cause.message.replace(/\.$/, '')}`);
        this.#socket.destroy();
      }
    });
    this.#socket.on('error', (cause) => (this.#why ??= describeFailure(this.name, cause)));
    this.#socket.on('close', () => onClose(this, this.#why));
  }
}

/** Why a connection ended, or did not come up, as a sentence. */
export function describeFailure(name: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const sentences: Record<string, string> = {
    ECONNREFUSED: `Nobody listens at ${name}. Start the program there, or check the port.`,
    ECONNRESET: `${name} broke the connection off.`,
    EPIPE: `${name} broke the connection off.`,
    EHOSTUNREACH: `${name} cannot be reached. Check the cable and the network card.`,
    ENETUNREACH: `There is no network to ${name}. Check the cable and the network card.`,
    ETIMEDOUT: `${name} does not answer.`,
  };
  return sentences[code] ?? `The connection to ${name} failed: ${code}.`;
}
