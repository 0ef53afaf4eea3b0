import { connect, type Socket } from 'node:net';
import { until } from '../../until.ts';

/** A connection on which a test says what no library would. */
export class RawLine {
  readonly socket: Socket;
  heard = '';
  isOver = false;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port) });
    this.socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString('latin1')));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.isOver = true));
  }

  /** of the answers so far */
  get statuses(): number[] {
    return [...this.heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  }

  say(words: string | Buffer): void {
    this.socket.write(words);
  }

  /** @returns the statuses, once there are so many, or the door has ended it */
  async answers(count: number): Promise<number[]> {
    await until(`${count} answers`, () => this.isOver || this.statuses.length >= count);
    return this.statuses;
  }

  async end(): Promise<string> {
    await until('the door to end it', () => this.isOver);
    return this.heard;
  }
}

/** A request as it goes over the line. @param more headers, and behind an empty line a body */
export function requestLine(what: string, more: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${what} HTTP/1.1`, 'Host: 127.0.0.1', ...length, ...more, '', body].join('\r\n');
}
