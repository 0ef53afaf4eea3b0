import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { openClaspPort } from '../integration/clasp-port.ts';

/** A first look at the router's speed on loopback, router and load in a process each:
 *  `node test/bench/router.ts`. The load clients look at frame types only. */
if (process.argv[2] === 'serve') await serve();
else await run();

async function serve(): Promise<void> {
  const port = await openClaspPort();
  process.on('message', () =>
    process.send?.({ cpu: process.cpuUsage(), rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20) }),
  );
  process.on('disconnect', () => process.exit());
  process.send?.({ url: port.url });
}

async function run(): Promise<void> {
  const router = fork(fileURLToPath(import.meta.url), ['serve'], { stdio: 'inherit' });
  const ask = <T>(): Promise<T> => new Promise((resolve) => router.once('message', (message) => resolve(message as T)));
  const { url } = await ask<{ url: string }>();
  const cpuSeconds = async (): Promise<number> => {
    router.send('cpu');
    const { cpu } = await ask<{ cpu: NodeJS.CpuUsage }>();
    return (cpu.user + cpu.system) / 1e6;
  };

  report('SET -> ACK, one after the other', await measure(cpuSeconds, () => roundTrips(url, 20_000, 1)));
  report('SET -> ACK, 64 under way', await measure(cpuSeconds, () => roundTrips(url, 200_000, 64)));
  report('fan-out 100, deliveries', await measure(cpuSeconds, () => fanOut(url, 100, 20_000, 50)));
  report('fan-out 100, deliveries, one message a turn', await measure(cpuSeconds, () => fanOut(url, 100, 3000, 1)));
  router.disconnect();
}

interface Figures {
  readonly count: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function measure(cpuSeconds: () => Promise<number>, load: () => Promise<number>): Promise<Figures> {
  const cpuBefore = await cpuSeconds();
  const start = performance.now();
  const count = await load();
  const seconds = (performance.now() - start) / 1000;
  return { count, seconds, cpuSeconds: (await cpuSeconds()) - cpuBefore };
}

function report(what: string, { count, seconds, cpuSeconds }: Figures): void {
  const perSecond = Math.round(count / seconds).toLocaleString('en');
  const perCpuSecond = Math.round(count / cpuSeconds).toLocaleString('en');
  process.stdout.write(`${what}: ${perSecond}/s, ${perCpuSecond} per CPU-second of the router\n`);
}

/** @returns ACKs received */
async function roundTrips(url: string, count: number, underWay: number): Promise<number> {
  const frame = encodeFrame({
    type: messageType.set,
    address: '/bench/level',
    value: WireValue.of({ type: 'f64', value: 0.5 }),
  });
  let sent = 0;
  let acked = 0;
  await new Promise<void>((resolve) => {
    void join(url, (type) => {
      if (type !== messageType.ack) return;
      acked++;
      if (sent++ < count) webSocket?.send(frame);
      else if (acked >= count) resolve();
    }).then((joined) => {
      webSocket = joined;
      for (; sent < underWay; sent++) joined.send(frame);
    });
    let webSocket: WebSocket | undefined;
  });
  return acked;
}

/** Sends the next `window` messages when the last subscriber has all before.
 *  @returns deliveries */
async function fanOut(url: string, subscribers: number, messages: number, window: number): Promise<number> {
  const frame = encodeFrame({
    type: messageType.publish,
    kind: 'event',
    address: '/bench/go',
    value: WireValue.of({ type: 'f64', value: 1 }),
  });
  let received = 0;
  let sent = 0;
  const sockets: WebSocket[] = [];
  const sender = await join(url, () => undefined);
  await new Promise<void>((resolve) => {
    const send = (): void => {
      for (let i = 0; i < window; i++, sent++) sender.send(frame);
    };
    const onMessage = (type: number): void => {
      if (type !== messageType.publish || ++received < sent * subscribers) return;
      if (sent < messages) send();
      else resolve();
    };
    void (async () => {
      for (let i = 0; i < subscribers; i++) {
        const socket = await join(url, onMessage);
        socket.send(encodeFrame({ type: messageType.subscribe, id: 1, pattern: '/bench/go', types: 0xff }));
        sockets.push(socket);
      }
      await new Promise((done) => setTimeout(done, 200));
      send();
    })();
  });
  for (const socket of [...sockets, sender]) socket.terminate();
  return received;
}

/** @param onMessage gets the type of each message after the greeting */
async function join(url: string, onMessage: (type: number) => void): Promise<WebSocket> {
  const webSocket = new WebSocket(url, 'clasp', { perMessageDeflate: false });
  await new Promise((resolve, reject) => webSocket.once('open', resolve).once('error', reject));
  const hello: Message = { type: messageType.hello, version: 1, name: 'bench', features: [] };
  webSocket.send(encodeFrame(hello));
  await new Promise<void>((resolve) => {
    webSocket.on('message', (data: Buffer) => {
      const type = data[4] ?? 0;
      if (type === messageType.snapshot) resolve();
      else onMessage(type);
    });
  });
  return webSocket;
}
