import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

/** A mosquitto of its own on loopback, which is stopped, killed and started again at the same port. */
export class Mosquitto {
  readonly folder = temporaryFolder();
  config: readonly string[];
  port = 0;
  #child: ChildProcess | undefined;
  #log = '';

  /** @param config lines of mosquitto.conf beside its listener */
  constructor(config: readonly string[] = ['allow_anonymous true']) {
    this.config = config;
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** A file of users for `password_file`. */
  passwords(user: string, password: string): string {
    const path = this.file('passwords', '');
    spawnSync('mosquitto_passwd', ['-b', path, user, password]);
    return path;
  }

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const lines = [`listener ${this.port} 127.0.0.1`, 'user root', 'log_dest stderr', 'log_type all', ...this.config];
    const path = this.file('mosquitto.conf', `${lines.join('\n')}\n`);
    this.#log = '';
    const child = spawn('mosquitto', ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.#child = child;
    await until('mosquitto', () => {
      if (child.exitCode !== null) throw new Error(`mosquitto ended: ${this.#log}`);
      return this.#log.includes('running');
    });
  }

  get log(): string {
    return this.#log;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

/** `mosquitto_sub` from here on, each message a line. */
export class MosquittoSub {
  readonly child: ChildProcess;
  #text = '';

  constructor(args: readonly string[], format = '%t %p') {
    this.child = spawn('mosquitto_sub', ['-h', '127.0.0.1', '-F', format, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#text += text));
  }

  get lines(): string[] {
    return this.#text.split('\n').filter((line) => line !== '');
  }
}

/** `mosquitto_pub`; settles when it ended. @returns its exit code and what it said */
export async function mosquittoPub(args: readonly string[]): Promise<{ code: number; text: string }> {
  const child = spawn('mosquitto_pub', ['-h', '127.0.0.1', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
}

/** A cable to a port that can be cut: what is on its way then is lost. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #isDeaf = false;

  constructor(to: () => number) {
    this.#server = createServer((near) => {
      if (this.#isCut) return near.destroy();
      const far = connect(to(), '127.0.0.1');
      for (const [from, into] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk: Buffer) => {
          if (!this.#isDeaf) into.write(chunk);
        });
        from.on('error', () => undefined);
        from.on('close', () => {
          this.#sockets.delete(from);
          into.destroy();
        });
      }
      return undefined;
    });
  }

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing gets through, and nobody is told. */
  deafen(): void {
    this.#isDeaf = true;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = this.#isDeaf = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
