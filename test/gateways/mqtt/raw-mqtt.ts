import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from '../../until.ts';

export interface RawPacket {
  /** [MQTT 3.1.1, 2.2.1] */
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** An MQTT client that answers nothing by itself. */
export class RawMqtt {
  readonly got: RawPacket[] = [];
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  static async dial(url: string): Promise<RawMqtt> {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    const raw = new RawMqtt(socket);
    await once(socket, 'connect');
    return raw;
  }

  /** CONNECT, and what CONNACK says. */
  async greet(id: string, some: { clean?: boolean; level?: number; keepAlive?: number; will?: string } = {}) {
    const { clean = false, level = 4, keepAlive = 0, will } = some;
    const flags = (clean ? 2 : 0) | (will === undefined ? 0 : 4);
    const parts = [text('MQTT'), bytes(level, flags), u16(keepAlive), ...(level === 5 ? [bytes(0)] : []), text(id)];
    if (will !== undefined) parts.push(text(will), text('gone'));
    this.say(0x10, ...parts);
    const { body } = await this.next(2);
    return { isResumed: body[0] === 1, code: body[1], length: body.length };
  }

  say(head: number, ...parts: readonly Buffer[]): void {
    const body = Buffer.concat(parts);
    const size = body.length < 128 ? bytes(body.length) : bytes((body.length & 0x7f) | 0x80, body.length >> 7);
    this.socket.write(Buffer.concat([bytes(head), size, body]));
  }

  subscribe(id: number, filter: string, qos: number): void {
    this.say(0x82, u16(id), text(filter), bytes(qos));
  }

  publish(id: number, topic: string, { payload = '', qos = 2, dup = false } = {}): void {
    this.say(0x30 | (qos << 1) | (dup ? 8 : 0), text(topic), u16(id), Buffer.from(payload));
  }

  /** Takes the next packet of a type, wherever it stands among those that came. */
  async next(type: number): Promise<RawPacket> {
    await until(`a packet of type ${type}`, () => this.got.some((packet) => packet.type === type));
    const [packet] = this.got.splice(
      this.got.findIndex((some) => some.type === type),
      1,
    );
    if (!packet) throw new Error('none');
    return packet;
  }

  /** The next PUBLISH. */
  async message() {
    const { flags, body } = await this.next(3);
    const end = 2 + body.readUInt16BE(0);
    const qos = (flags >> 1) & 3;
    const topic = body.toString('utf8', 2, end);
    const id = qos > 0 ? body.readUInt16BE(end) : 0;
    return { topic, id, qos, isAgain: (flags & 8) !== 0, payload: body.toString('utf8', qos > 0 ? end + 2 : end) };
  }

  async cut(): Promise<void> {
    this.socket.destroy();
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 2) {
      const [head = 0, low = 0, high = 0] = this.#bytes;
      const isLong = (low & 0x80) !== 0;
      const start = isLong ? 3 : 2;
      const size = isLong ? (low & 0x7f) | (high << 7) : low;
      if (this.#bytes.length < start + size) return;
      const body = this.#bytes.subarray(start, start + size);
      this.got.push({ type: head >> 4, flags: head & 15, body });
      this.#bytes = this.#bytes.subarray(start + size);
    }
  }
}

export function u16(number: number): Buffer {
  return bytes(number >> 8, number & 0xff);
}

function bytes(...numbers: number[]): Buffer {
  return Buffer.from(numbers);
}

function text(content: string): Buffer {
  const encoded = Buffer.from(content);
  return Buffer.concat([u16(encoded.length), encoded]);
}
