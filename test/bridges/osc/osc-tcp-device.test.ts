import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { OscBridge } from '../../../src-main/bridges/osc/osc-bridge.ts';
import { text } from '../../../src-main/contract/signal.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { describeDeviceBridge, type DeviceWorld } from '../../conformance/device-bridge.ts';
import { oscSettings } from '../bridge-settings.ts';
import { needsOf, OscHall, param, to, type TcpDevice } from './osc-hall.ts';

/** A program that the bridge dials, at a port that stays. */
async function makeWorld(isThere: boolean): Promise<DeviceWorld> {
  const hall = new OscHall();
  const first = await hall.server('slip');
  const { port } = first;
  let device: TcpDevice | undefined = first;
  if (!isThere) {
    await first.close();
    device = undefined;
  }
  const open = new Set<Socket>();
  const onMade = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  subscribe('net.client.socket', onMade);
  const settings = oscSettings({ transport: 'tcp', role: 'connect', targets: to(port) });
  let settled: Promise<unknown> = Promise.resolve();
  return {
    bridge: new OscBridge(settings, needsOf(createSystemClock())),
    plugIn: () => {
      settled = settled.then(async () => (device = await hall.server('slip', port)));
    },
    unplug: () => {
      const gone = device;
      device = undefined;
      settled = settled.then(() => gone?.close());
    },
    pass: async (ms) => {
      await settled;
      await delay(ms);
    },
    open: () => open.size,
    received: () => device?.peers.reduce((sum, { paths }) => sum + paths.length, 0) ?? 0,
    close: async () => {
      unsubscribe('net.client.socket', onMade);
      await settled;
      await hall.clear();
    },
  };
}

describeDeviceBridge('OscBridge over TCP', {
  prefix: '/osc',
  make: makeWorld,
  sends: param('/osc/fader'),
  refuses: param('/osc/fader', text('a\0b')),
});
