import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { openPort, type OpenPort } from './websocket-fixture.ts';

const ports: OpenPort[] = [];
afterEach(async () => {
  for (const port of ports.splice(0)) await port.stop();
});

describe('dialling', () => {
  it('[TP10] opens a WebSocket with the subprotocol clasp', async () => {
    const port = await openPort();
    ports.push(port);
    const dialler = createWebSocketDialler({ clock: new SimulatedClock() });
    const connection = await dialler.dial(port.url);
    expect(connection.peer).toBe(`ws ${port.url}`);
    const closed = new Promise((resolve) => connection.onClose(resolve));
    // What is open stays.
    dialler.abandon();
    expect(connection.send(Uint8Array.of(1))).toBe(true);
    connection.close('enough');
    expect(await closed).toBe('enough');
  });

  it.each([
    ['desk', 'it is not a URL'],
    ['ftp://127.0.0.1/', 'protocol'],
    ['ws://127.0.0.1:1/#part', 'fragment'],
    ['ws://127.0.0.1:1/', 'ECONNREFUSED'],
  ])('[TP6] refuses %s and says why', async (address, mention) => {
    const refused = createWebSocketDialler({ clock: new SimulatedClock() }).dial(address);
    await expect(refused).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: expect.stringContaining(mention) as string,
      details: { address },
    });
  });

  it('[TP20] can be given up', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const connected = once(silent, 'connection');
    const dialler = createWebSocketDialler({ clock: new SimulatedClock() });
    const dialled = dialler.dial(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`);
    await connected;
    dialler.abandon();
    await expect(dialled).rejects.toMatchObject({ code: 'cannot-open-port' });
    silent.close();
  });
});
