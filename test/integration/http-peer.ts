import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

export interface PeerLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A web server of Python's standard library on loopback, which is killed and started again at the same port. */
export class HttpPeer {
  readonly #tls: readonly string[];
  port = 0;
  #child: ChildProcess | undefined;
  #log = '';

  /** @param tls paths of a certificate and its key */
  constructor(tls: readonly string[] = []) {
    this.#tls = tls;
  }

  get url(): string {
    return `${this.#tls.length > 0 ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  /** what it heard since it was started first, without the lines that say it is ready */
  get lines(): PeerLine[] {
    const lines = this.#log.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as PeerLine).filter(({ method }) => typeof method === 'string');
  }

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const args = ['test/integration/http-peer.py', String(this.port), ...this.#tls];
    const child = spawn('/usr/bin/python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let isReady = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
      isReady ||= text.includes('"ready"');
    });
    this.#child = child;
    await until('the Python server', () => isReady || child.exitCode !== null);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Asks it as somebody else. */
  async ask(method: string, path: string, body: string): Promise<void> {
    const call = request({ host: '127.0.0.1', port: this.port, method, path, headers: { connection: 'close' } });
    call.end(body);
    const [answer] = (await once(call, 'response')) as [NodeJS.ReadableStream];
    answer.resume();
    await once(answer, 'end');
  }
}
