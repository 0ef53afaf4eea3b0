import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { OscBridge } from '../../../src-main/bridges/osc/osc-bridge.ts';
import { text } from '../../../src-main/contract/signal.ts';
import { describeDeviceBridge, type DeviceWorld } from '../../conformance/device-bridge.ts';
import { dialledDevice } from '../../conformance/dialled-device.ts';
import { oscSettings } from '../bridge-settings.ts';
import { needsOf, OscHall, param, to, type TcpDevice } from './osc-hall.ts';

/** A program that the bridge dials, at a port that stays. */
async function makeWorld(isThere: boolean): Promise<DeviceWorld> {
  const hall = new OscHall();
  let device: TcpDevice = await hall.server('slip');
  const { port } = device;
  await device.close();
  const open = new Set<Socket>();
  const onMade = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  subscribe('net.client.socket', onMade);
  const settings = oscSettings({ transport: 'tcp', role: 'connect', targets: to(port) });
  const world = await dialledDevice(isThere, {
    server: {
      heard: [],
      listen: async () => {
        device = await hall.server('slip', port);
      },
      kill: () => void device.close(),
    },
    dial: (clock) => new OscBridge(settings, needsOf(clock)),
    connections: () => open.size,
    received: () => device.peers.reduce((sum, { paths }) => sum + paths.length, 0),
  });
  return {
    ...world,
    close: async () => {
      unsubscribe('net.client.socket', onMade);
      await world.close();
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
