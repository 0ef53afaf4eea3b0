import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { flood } from './flood.ts';
import { Latencies, pace } from './pace.ts';
import { RawClient } from './raw-client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Sends everything back. */
async function echo(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ping = { send: Buffer.from('PING\r\n'), until: Buffer.from('PING\r\n') };

describe("the bench's load", () => {
  it('[BN10] counts what comes back for its batches, and nothing else', async () => {
    const publisher = await RawClient.connect(await echo());
    const reading = await flood({
      publisher,
      batches: [Buffer.alloc(1000, 'a'), Buffer.alloc(1000, 'b')],
      arrivals: publisher.received,
      settle: () => publisher.ask(ping),
      inFlight: 2,
      seconds: 0.02,
      pid: 0,
    });
    publisher.close();
    expect(reading.batches).toBeGreaterThan(0);
    expect(reading.complete).toBe(1);
  });

  it('[BN11] finds the answer it waits for wherever chunks end', async () => {
    const client = await RawClient.connect(await echo());
    const asked = client.ask({ send: Buffer.from('xxPI'), until: ping.until });
    client.write(Buffer.from('NG\r\nyy'));
    await asked;
    client.close();
  });

  it('[BN12] counts time from when a message was due, also when it could only be sent later', async () => {
    const sent: number[] = [];
    const paced = pace({ perSecond: 1000, seconds: 0.01, send: (index) => sent.push(index) });
    await paced.done;
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(paced.dueAt(5) - paced.dueAt(0)).toBeCloseTo(5);
    const latencies = new Latencies();
    for (const ms of [1, 2, 3, 100]) latencies.record(ms);
    expect(latencies.count).toBe(4);
    expect(latencies.micros(50) / 2000).toBeCloseTo(1, 2);
    expect(latencies.micros(100) / 100_000).toBeCloseTo(1, 2);
  });
});
