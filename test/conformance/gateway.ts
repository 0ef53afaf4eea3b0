import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../src-main/ports/gateway.ts';
import { until } from '../until.ts';

/** What the suite has to know of a gateway. */
export interface GatewaySubject {
  /** Opens one on 127.0.0.1. @param port 0 for a free one */
  open(port: number): Promise<Gateway>;
  /** whether somebody who speaks its protocol is answered there */
  answers(url: string): Promise<boolean>;
}

/** The promises of ports/gateway.ts: every gateway runs this suite. */
export function describeGateway(name: string, { open, answers }: GatewaySubject): void {
  describe(`${name} as a gateway`, () => {
    const dial = async (url: string): Promise<Socket> => {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };

    it('[RZ34] is open where it says, and lets go of its port and of everybody within a second', async () => {
      const gateway = await open(0);
      expect(await answers(gateway.url)).toBe(true);
      const idle = await dial(gateway.url);
      const half = await dial(gateway.url);
      half.write('POST / HT');
      const from = performance.now();
      const [first, second] = [gateway.stop(), gateway.stop()];
      expect(first).toBe(second);
      await first;
      expect(performance.now() - from).toBeLessThan(1000);
      await until('both sockets to end', () => idle.destroyed && half.destroyed);
      const again = await open(Number(new URL(gateway.url).port));
      expect(await answers(again.url)).toBe(true);
      await again.stop();
    });

    it('[RZ34] is not opened where the port is in use, and says so', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await expect(open(port)).rejects.toMatchObject({ code: 'port-in-use', details: { port } });
      server.close();
    });

    it('[RZ34] goes on after whatever nonsense came', async () => {
      const gateway = await open(0);
      for (const bytes of ['\0'.repeat(5000), '\x16\x03\x01\x02', 'GET', '\r\n\r\n', 'x'.repeat(100_000)]) {
        const socket = await dial(gateway.url);
        socket.end(bytes);
        socket.resume();
        await until('the nonsense to be refused', () => socket.destroyed);
        expect(await answers(gateway.url)).toBe(true);
      }
      await gateway.stop();
    });
  });
}
