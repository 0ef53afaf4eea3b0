import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand } from './flyrail-process.ts';
import { ip } from './network-namespace.ts';

const run = promisify(execFile);

/** Two machines with a cable between them, as network namespaces: nothing leaves them. */
export class NetworkHall {
  readonly hall = `frdhall${process.pid}`;
  readonly peer = `frdpeer${process.pid}`;
  readonly #started: Program[] = [];

  async build(): Promise<void> {
    for (const machine of [this.hall, this.peer]) {
      await ip('netns', 'add', machine);
      await ip('-n', machine, 'link', 'set', 'lo', 'up');
    }
    await this.addCable('lan', 0);
  }

  /** A further network between the two: 10.80.{net}.1 and 10.80.{net}.2. */
  async addCable(card: string, net: number): Promise<void> {
    await ip('link', 'add', card, 'netns', this.hall, 'type', 'veth', 'peer', 'name', card, 'netns', this.peer);
    for (const [i, machine] of [this.hall, this.peer].entries()) {
      const address = `10.80.${net}.${i + 1}/24`;
      await ip('-n', machine, 'address', 'add', address, 'broadcast', `10.80.${net}.255`, 'dev', card);
      await ip('-n', machine, 'link', 'set', card, 'up');
    }
  }

  /** Pulled at the far end, and put back: the card keeps its address. */
  async setCable(card: string, state: 'up' | 'down'): Promise<void> {
    await ip('-n', this.peer, 'link', 'set', card, state);
  }

  /** One more for a machine; one that it has already stays. */
  async addAddress(machine: string, address: string, card: string): Promise<void> {
    await ip('-n', machine, 'address', 'replace', address, 'dev', card);
  }

  async pullCable(card: string): Promise<void> {
    await ip('-n', this.hall, 'link', 'delete', card);
  }

  async tearDown(): Promise<void> {
    await this.killStarted();
    for (const machine of [this.hall, this.peer]) await ip('netns', 'delete', machine);
  }

  /** Settles when they have ended: the next program of a kind wants the port of the one before. */
  async killStarted(): Promise<void> {
    const ended = this.#started.splice(0).map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    });
    await Promise.all(ended);
  }

  /** How a command of ours runs on a machine. */
  flyrailOn(machine: string): readonly string[] {
    return ['ip', 'netns', 'exec', machine, process.execPath, builtCommand];
  }

  /** Starts a program on a machine; killed with the hall. */
  start(machine: string, ...command: readonly string[]): Program {
    return this.#keep(spawn('ip', ['netns', 'exec', machine, ...command], { stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** Avahi on the other machine, with a bus of its own. */
  async startAvahi(): Promise<Avahi> {
    const folder = temporaryFolder();
    const [script, config] = ['avahi.sh', 'avahi.conf'].map((name) => join(folder, name)) as [string, string];
    mkdirSync(folder, { recursive: true });
    writeFileSync(config, avahiConfig);
    writeFileSync(script, avahiScript(config));
    const daemon = this.start(this.peer, 'unshare', '-m', 'bash', script);
    await until('Avahi', () => daemon.output().includes('Server startup complete'));
    const inside = ['-t', String(daemon.child.pid), '-m', '-n'];
    return {
      daemon,
      publish: async (...args) => {
        const command = [...inside, 'avahi-publish', ...args];
        const published = this.#keep(spawn('nsenter', command, { stdio: ['pipe', 'pipe', 'pipe'] }));
        await until('the service', () => published.output().includes('Established under name'));
        return published;
      },
      browse: async (type) => {
        return (await run('nsenter', [...inside, 'avahi-browse', '-rpt', type])).stdout;
      },
    };
  }

  #keep(child: Child): Program {
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => (text += more));
    const program = { child, output: () => text };
    this.#started.push(program);
    return program;
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export interface Program {
  readonly child: Child;
  /** stdout and stderr so far */
  readonly output: () => string;
}

export interface Avahi {
  readonly daemon: Program;
  /** as `avahi-publish`; settles when the service stands */
  publish(...args: readonly string[]): Promise<Program>;
  /** what `avahi-browse -rpt` prints */
  browse(type: string): Promise<string>;
}

const avahiConfig = `[server]
host-name=peerbox
use-ipv4=yes
use-ipv6=no
allow-interfaces=lan,lan2
[publish]
publish-workstation=no
publish-hinfo=no
`;

/** In a mount namespace of its own, so that it meets no other bus or daemon. The bus ends with the daemon. */
function avahiScript(config: string): string {
  return `set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/avahi-daemon
setpriv --pdeathsig KILL dbus-daemon --system --nofork --nopidfile >/dev/null 2>&1 &
for i in $(seq 100); do [ -S /run/dbus/system_bus_socket ] && break; sleep 0.05; done
exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f ${config}
`;
}
