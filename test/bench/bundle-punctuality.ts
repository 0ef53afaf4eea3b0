import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { f64 } from '../../src-main/contract/signal.ts';
import {
  latenessAt,
  punctualityBetween,
  shareWithin,
  type PunctualityStats,
} from '../../src-main/core/clock/punctuality.ts';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { createPreciseClock } from '../../src-main/platform/precise-clock.ts';
import { openClaspPort } from '../integration/clasp-port.ts';
import { silentLog } from '../silent-log.ts';

// How late scheduled bundles begin, counted in the router. Router and load are a process each.
// Run: node test/bench/bundle-punctuality.ts [--plain] [--realtime] [--pinned]

export interface BundlePunctualityOptions {
  /** of each scenario */
  readonly seconds?: number;
  /** streams a second through the router, to one subscriber */
  readonly loadPerSecond?: number;
  /** bundles a second at random instants */
  readonly bundlesPerSecond?: number;
  /** what the router is started by, such as `['chrt', '-f', '50']` or `['taskset', '-c', '0']` */
  readonly startedBy?: readonly string[];
  /** without the precise clock, for comparison */
  readonly plain?: boolean;
}

/** Lateness in µs; each is the end of its bucket, so never too little. */
export interface PunctualityFigures {
  readonly bundles: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly within1ms: number;
  /** of a core, the router process */
  readonly cpuShare: number;
  /** of sleeps of 5 ms of a bare thread beside the router that ended within 1 ms: what the machine allows */
  readonly machineWithin1ms: number;
}

export interface BundlePunctuality {
  readonly idle: PunctualityFigures;
  readonly loaded: PunctualityFigures;
  /** 1000 bundles at one instant, ten times, on a router without other load */
  readonly cascade: PunctualityFigures;
}

interface Reading {
  readonly bundles: PunctualityStats;
  readonly missed: number;
  readonly messages: number;
  readonly cpuMicros: number;
  readonly naps: readonly [total: number, within: number];
}

export async function measureBundlePunctuality(options: BundlePunctualityOptions = {}): Promise<BundlePunctuality> {
  const { seconds = 10, loadPerSecond = 10_000, bundlesPerSecond = 200, startedBy = [], plain = false } = options;
  const run = async (name: string, work: (client: Client) => Promise<void>): Promise<PunctualityFigures> => {
    const router = await startRouter(startedBy, plain);
    const client = await Client.join(router.url);
    // The first bundle starts the thread.
    client.bundle(200_000, 0);
    await sleep(1000);
    const before = await router.read();
    const began = performance.now();
    await work(client);
    const figures = figuresOf(before, await router.read(), (performance.now() - began) / 1000);
    client.close();
    router.stop();
    process.stderr.write(`${name}: ${JSON.stringify(figures)}\n`);
    return figures;
  };
  const scattered = async (client: Client): Promise<void> => {
    for (let i = 0; i < seconds * bundlesPerSecond; i++) {
      client.bundle(300_000 + Math.random() * 200_000, i);
      await sleep(1000 / bundlesPerSecond);
    }
    await sleep(600);
  };
  return {
    idle: await run('idle', scattered),
    loaded: await run('loaded', async (client) => {
      const stop = await startLoad(client.url, loadPerSecond);
      await sleep(500);
      await scattered(client);
      stop();
    }),
    cascade: await run('cascade', async (client) => {
      for (let round = 0; round < 10; round++) {
        client.bundlesAtOnce(1_000_000, 1000);
        await sleep(1300);
      }
    }),
  };
}

function figuresOf(before: Reading, after: Reading, seconds: number): PunctualityFigures {
  const stats = punctualityBetween(before.bundles, after.bundles);
  const [naps, within] = [after.naps[0] - before.naps[0], after.naps[1] - before.naps[1]];
  return {
    bundles: stats.total,
    p50: latenessAt(stats, 0.5),
    p99: latenessAt(stats, 0.99),
    p999: latenessAt(stats, 0.999),
    max: stats.maxMicros,
    within1ms: shareWithin(stats, 1000),
    cpuShare: (after.cpuMicros - before.cpuMicros) / 1e6 / seconds,
    machineWithin1ms: naps > 0 ? within / naps : 1,
  };
}

interface RouterProcess {
  readonly url: string;
  read(): Promise<Reading>;
  stop(): void;
}

async function startRouter(startedBy: readonly string[], plain: boolean): Promise<RouterProcess> {
  const [program, ...before] = [...startedBy, process.execPath];
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [plain ? 'serve-plain' : 'serve'], {
    execPath: program,
    execArgv: before,
    stdio: 'inherit',
  });
  const next = <T>(): Promise<T> => new Promise((resolve) => child.once('message', (message) => resolve(message as T)));
  const { url } = await next<{ url: string }>();
  return {
    url,
    read: () => {
      child.send('read');
      return next<Reading>();
    },
    stop: () => child.disconnect(),
  };
}

/** The child's side. */
async function serve(plain: boolean): Promise<void> {
  const worker = new URL('../../src-main/workers/wake-up-worker.ts', import.meta.url);
  const preciseClock = createPreciseClock({ worker, log: silentLog });
  const { router, url } = await openClaspPort({ timing: plain ? {} : { preciseClock } });
  const naps = await watchNaps();
  process.on('message', () => {
    const { bundlePunctuality, missedBundlesTotal, messagesTotal } = router.stats();
    const { user, system } = process.cpuUsage();
    const reading: Reading = {
      bundles: bundlePunctuality,
      missed: missedBundlesTotal,
      messages: messagesTotal,
      cpuMicros: user + system,
      naps: [naps[0] ?? 0, naps[1] ?? 0],
    };
    process.send?.(reading);
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ url });
}

/** @returns how many sleeps of 5 ms a bare thread had, and how many of them ended within 1 ms of their end */
async function watchNaps(): Promise<Int32Array> {
  const { Worker } = await import('node:worker_threads');
  const counts = new Int32Array(new SharedArrayBuffer(12));
  const code = `const { workerData: counts } = require('node:worker_threads');
    for (;;) {
      const end = performance.now() + 5;
      Atomics.wait(counts, 2, 0, 5);
      counts[0]++;
      if (performance.now() - end <= 1) counts[1]++;
    }`;
  new Worker(code, { eval: true, workerData: counts }).unref();
  return counts;
}

/** One session, as far as bundles go. */
class Client {
  readonly url: string;
  readonly #socket: WebSocket;
  readonly #serverNow: () => number;

  private constructor(url: string, socket: WebSocket, serverNow: () => number) {
    this.url = url;
    this.#socket = socket;
    this.#serverNow = serverNow;
  }

  static async join(url: string, onFrame: (frame: Uint8Array) => void = () => undefined): Promise<Client> {
    const socket = new WebSocket(url, 'clasp');
    const welcomed = new Promise<number>((resolve) => {
      socket.on('message', (data: Buffer) => {
        onFrame(data);
        const { message } = decodeFrame(data);
        if (message.type === messageType.welcome) resolve(Number(message.time) - performance.now() * 1000);
      });
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(encodeFrame({ type: messageType.hello, version: 1, name: 'bench', features: [] }).slice());
    const offset = await welcomed;
    return new Client(url, socket, () => performance.now() * 1000 + offset);
  }

  bundle(aheadMicros: number, value: number): void {
    this.send(bundleOf(this.#serverNow() + aheadMicros, value));
  }

  bundlesAtOnce(aheadMicros: number, count: number): void {
    const at = this.#serverNow() + aheadMicros;
    for (let i = 0; i < count; i++) this.send(bundleOf(at, i));
  }

  send(message: Message): void {
    this.#socket.send(encodeFrame(message).slice());
  }

  close(): void {
    this.#socket.close();
  }
}

function bundleOf(at: number, value: number): Message {
  const set: Message = { type: messageType.set, address: `/lamp/${value % 512}`, value: WireValue.of(f64(value)) };
  return { type: messageType.bundle, timestamp: BigInt(Math.round(at)), messages: [set] };
}

/** Streams to one subscriber, in the batches that have become due whenever the timer runs. */
async function startLoad(url: string, perSecond: number): Promise<() => void> {
  const [listener, sender] = [await Client.join(url), await Client.join(url)];
  listener.send({ type: messageType.subscribe, id: 1, pattern: '/load/*', types: 0xff });
  const value = WireValue.of(f64(0.5));
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - began) / 1000) * perSecond; sent < due; sent++)
      sender.send({ type: messageType.publish, kind: 'stream', address: `/load/${sent % 100}`, value });
  }, 1);
  return () => {
    clearInterval(timer);
    listener.close();
    sender.close();
  };
}

const [, script, ...flags] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (flags[0]?.startsWith('serve')) await serve(flags[0] === 'serve-plain');
  else {
    const startedBy = [
      ...(flags.includes('--pinned') ? ['taskset', '-c', '0'] : []),
      ...(flags.includes('--realtime') ? ['chrt', '-f', '50'] : []),
    ];
    const figures = await measureBundlePunctuality({ startedBy, plain: flags.includes('--plain') });
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  }
}
