import { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type MessageType, type Qos } from '../../src-main/core/protocol/messages.ts';
import { until } from '../until.ts';

/** A greeted CLASP session that sends and sees single messages. */
export class RawSession {
  readonly webSocket: WebSocket;
  readonly received: Message[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(url: string) {
    this.webSocket = new WebSocket(url, 'clasp', { perMessageDeflate: false });
    this.webSocket.on('message', (data) => {
      if (data instanceof Buffer) this.received.push(decodeFrame(data).message);
    });
    this.webSocket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.webSocket.on('error', () => undefined);
  }

  /** A WebSocket that has not said HELLO. */
  static async connect(url: string): Promise<RawSession> {
    const session = new RawSession(url);
    await new Promise((resolve, reject) => session.webSocket.once('open', resolve).once('error', reject));
    return session;
  }

  static async join(url: string): Promise<RawSession> {
    const session = await RawSession.connect(url);
    session.send({ type: messageType.hello, version: 1, name: 'raw', features: ['param'] });
    await session.until(messageType.snapshot, 1);
    session.received.length = 0;
    return session;
  }

  send(...messages: Message[]): void {
    for (const message of messages) this.webSocket.send(encodeFrame(message));
  }

  /** As a client that knows request ids. */
  ask(id: number, message: Message, qos?: Qos): void {
    this.webSocket.send(encodeFrame(message, { timestamp: BigInt(id), ...(qos && { qos }) }));
  }

  /** Everything of one type so far. */
  all<T extends MessageType>(type: T): Extract<Message, { type: T }>[] {
    return this.received.filter((message): message is Extract<Message, { type: T }> => message.type === type);
  }

  /** Waits for `count` messages of a type. */
  async until<T extends MessageType>(
    type: T,
    count: number,
    withinMs?: number,
  ): Promise<Extract<Message, { type: T }>[]> {
    await until(`${count} messages of type 0x${type.toString(16)}`, () => this.all(type).length >= count, withinMs);
    return this.all(type);
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    await until('the session to be closed', () => this.closed !== undefined);
    return this.closed ?? { code: 0, reason: '' };
  }
}
