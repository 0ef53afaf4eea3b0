import { spawn } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { leashed } from './targets/cores.ts';

/** How long a commit takes, against the built product with its journal on this disk, each client waiting for its ACK before
 *  it sends the next: `node test/bench/journal-commits.ts [state|full|off]` */
const folder = mkdtempSync(join(tmpdir(), 'flyrail-bench-'));
const seconds = 4;
try {
  report('fsync of 4 KiB appended', rawFlushes());
  for (const journal of process.argv[2] === undefined ? ['state', 'full', 'off'] : [process.argv[2]])
    await run(journal);
} finally {
  rmSync(folder, { recursive: true });
}

async function run(journal: string): Promise<void> {
  const command = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
  const args = ['serve', '--json', '--no-ui', '--port', '0', '--data', join(folder, journal), '--journal', journal];
  const [program = '', ...words] = leashed([process.execPath, command, ...args]);
  const flyrail = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line = ''] = await new Promise<string[]>((resolve) =>
    createInterface(flyrail.stdout).once('line', (text) => resolve([text])),
  );
  const { url } = (JSON.parse(line) as { clasp: { url: string } }).clasp;
  const event: Message = { type: messageType.publish, kind: 'event', address: '/cue/go', value: f64(1) };
  const one = { kind: 'BUNDLE of a SET', message: (i: number): Message => bundle([set(`/desk/${i}/level`)]) };
  const published = { kind: 'BUNDLE of an event', message: (): Message => bundle([event]) };
  for (const { kind, message } of [one, published]) {
    for (const clients of [1, 50])
      report(`${journal}, ${kind}, ${clients} clients`, await commits(url, clients, message));
  }
  const ended = new Promise((resolve) => flyrail.once('close', resolve));
  flyrail.kill('SIGTERM');
  await ended;
}

function bundle(messages: readonly Message[]): Message {
  return { type: messageType.bundle, messages };
}

function set(address: string): Message {
  return { type: messageType.set, address, value: f64(Math.random()) };
}

function f64(value: number): WireValue {
  return WireValue.of({ type: 'f64', value });
}

/** @returns milliseconds of each */
async function commits(url: string, clients: number, message: (client: number) => Message): Promise<readonly number[]> {
  const took: number[] = [];
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      const socket = await joined(url);
      let from = 0;
      await new Promise<void>((resolve) => {
        const send = (): void => {
          from = performance.now();
          socket.send(encodeFrame(message(index)));
        };
        socket.on('message', (data: Buffer) => {
          if (data[4] !== messageType.ack) return;
          took.push(performance.now() - from);
          if (performance.now() < end) send();
          else resolve();
        });
        send();
      });
      socket.terminate();
    }),
  );
  return took;
}

async function joined(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'clasp', { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(encodeFrame({ type: messageType.hello, version: 1, name: 'bench', features: [] }));
  await new Promise<void>((resolve) => {
    socket.on('message', function greeted(data: Buffer) {
      if (data[4] !== messageType.snapshot) return;
      socket.off('message', greeted);
      resolve();
    });
  });
  return socket;
}

/** What the disk takes at the least. */
function rawFlushes(): readonly number[] {
  const file = openSync(join(folder, 'raw'), 'w');
  const took = Array.from({ length: 300 }, () => {
    const from = performance.now();
    writeSync(file, Buffer.alloc(4096, 1));
    fsyncSync(file);
    return performance.now() - from;
  });
  closeSync(file);
  return took;
}

function report(what: string, took: readonly number[]): void {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(2);
  const total = took.length > 300 ? `${Math.round(took.length / seconds)}/s, ` : '';
  process.stdout.write(`${what}: ${total}p50 ${at(0.5)} p90 ${at(0.9)} p99 ${at(0.99)} max ${at(1)} ms\n`);
}
