import { afterEach, describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { createBleDialler } from '../../../src-main/transports/ble/ble-dialler.ts';
import { createBleTransport, type BleTransportOptions } from '../../../src-main/transports/ble/ble-transport.ts';
import { bleUrl, parseBleUrl } from '../../../src-main/transports/ble/ble-url.ts';
import type { RadioLink } from '../../../src-main/transports/ble/radio.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { SimulatedAir, type SimulatedCentral, type SimulatedPeripheral } from './simulated-air.ts';

const hello = encodeFrame({ type: messageType.hello, version: 1, name: 'desk', features: [] }).slice();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** @param state of the adapter at first */
async function open(role: 'central' | 'peripheral', options: Partial<BleTransportOptions> = {}) {
  const clock = options.clock ?? createSystemClock();
  const air = new SimulatedAir({ clock });
  const radios: (SimulatedCentral | SimulatedPeripheral)[] = [];
  const keep = <R extends SimulatedCentral | SimulatedPeripheral>(radio: R): R => {
    radios.push(radio);
    return radio;
  };
  const openRadio = { central: () => keep(air.central()), peripheral: () => keep(air.peripheral()) };
  const transport = createBleTransport({ role, openRadio, clock, log: silentLog, ...options });
  const accepted: Connection[] = [];
  const listening = await transport.listen((connection) => accepted.push(connection));
  ends.push(listening.stop);
  const [radio] = radios;
  if (!radio) throw new Error('no radio was opened');
  return { air, transport, listening, accepted, radio };
}

describe('a Bluetooth door', () => {
  it('[TP96] lets the device say HELLO first, also where it does so at once', async () => {
    const { air, accepted } = await open('central');
    const device = air.peripheral();
    device.advertise('sensor', (link) => void link.send(hello, false));
    await until('the device', () => accepted.length === 1);
    const got: Buffer[] = [];
    accepted[0]?.onFrame((frame) => got.push(Buffer.from(bytesOfFrame(frame))));
    await until('its HELLO', () => got.length === 1);
    expect([got[0], accepted[0]?.peer]).toEqual([Buffer.from(hello), 'ble sensor']);
  });

  it('[TP99] says what it waits for, opens by itself, and begins anew after the adapter went', async () => {
    const { air, listening, accepted, radio } = await open('central');
    expect(listening.waitingFor?.()).toBeUndefined();
    radio.turn('absent');
    expect(listening.waitingFor?.()).toContain('No Bluetooth adapter is there');
    air.peripheral().advertise('sensor', () => undefined);
    radio.turn('off');
    expect(listening.waitingFor?.()).toBe('Bluetooth is switched off.');
    radio.turn('unauthorized');
    expect(listening.waitingFor?.()).toContain('may not use Bluetooth');
    expect(accepted.length).toBe(0);
    radio.turn('on');
    expect(listening.waitingFor?.()).toBeUndefined();
    await until('the device', () => accepted.length === 1);
    let closed = '';
    accepted[0]?.onClose((reason) => (closed = reason));
    radio.turn('off');
    expect(closed).toBe('the adapter is gone');
    radio.turn('on');
    await until('the device again', () => accepted.length === 2);
  });

  it('[TP99] does not wait longer than a moment for an adapter to say how it is', async () => {
    const clock = new SimulatedClock();
    const air = new SimulatedAir({ clock });
    const radio = air.peripheral();
    radio.turn('starting');
    const openRadio = { central: () => air.central(), peripheral: () => radio };
    const transport = createBleTransport({ role: 'peripheral', openRadio, clock, log: silentLog });
    const opening = transport.listen(() => undefined);
    await clock.advanceAsync(1500);
    const listening = await opening;
    expect([listening.waitingFor?.(), air.shown.size]).toEqual(['The Bluetooth adapter has not answered yet.', 0]);
    radio.turn('on');
    expect([listening.waitingFor?.(), air.shown.size]).toEqual([undefined, 1]);
    const stopped = listening.stop();
    await clock.advanceAsync(1000);
    await stopped;
    expect([air.shown.size, clock.waiting]).toEqual([0, 0]);
  });

  it('[TP98] shows itself under its name as long as it is open', async () => {
    const { air, listening } = await open('peripheral', { name: 'Desk ü' });
    expect([[...air.shown.values()].map(({ name }) => name), listening.url]).toEqual([
      ['Desk ü'],
      'ble://Desk%20%C3%BC',
    ]);
    await listening.stop();
    expect(air.shown.size).toBe(0);
  });

  it('[TP108] disconnects centrals beyond its bound, and counts them', async () => {
    const { air, transport, accepted } = await open('peripheral', { limits: { linksMax: 2 } });
    const [id] = [...air.shown.keys()].map((address) => address.replaceAll(':', ''));
    const reasons: string[] = [];
    const givenUp = new AbortController().signal;
    const accept = (link: RadioLink): void => link.onEnd((why) => reasons.push(why));
    const connect = () => air.central().connect(id ?? '', { givenUp, accept });
    await connect();
    await connect();
    await connect();
    await until('the third to go', () => reasons.length === 1);
    expect([accepted.length, transport.refused(), reasons]).toEqual([
      2,
      { full: 1, torn: 0, overrun: 0 },
      ['closed by the peer'],
    ]);
  });

  it('[TP92] counts frames that lost a piece', async () => {
    const { air, transport, accepted } = await open('central');
    air
      .peripheral()
      .advertise(
        'sensor',
        (link) => void link.send(Buffer.from('c0000000001c5301', 'hex'), false).then(() => link.send(hello, false)),
      );
    await until('the device', () => accepted.length === 1);
    await until('the loss', () => transport.refused().torn === 1);
  });
});

describe('ble:// URLs', () => {
  it.each([
    ['ble://Desk', 'Desk', undefined],
    ['ble://Desk%20%C3%BC?hci=1', 'Desk ü', 1],
    ['ble://aa-bb-cc-dd-ee-ff', 'aa-bb-cc-dd-ee-ff', undefined],
    [bleUrl('A/B?C'), 'A/B?C', undefined],
  ])('[TP100] reads %s', (url, name, hci) => {
    expect(parseBleUrl(url)).toEqual({ name, hci });
  });

  it.each(['ble://', 'ble:central', 'ble://aa:bb:cc:dd:ee:ff', 'ble://%ff', 'ble://a?hci=x', 'tcp://a:1', 'x'])(
    '[TP100] refuses %s and says what was expected',
    (url) => {
      expect(() => parseBleUrl(url)).toThrow(
        expect.objectContaining({
          code: 'cannot-open-port',
          message: expect.stringContaining('expected ble://NAME') as string,
        }),
      );
    },
  );
});

describe('dialling by Bluetooth', () => {
  const dialTimeoutMs = millis(200);

  it('[TP100] reaches a router by its address too, and no other', async () => {
    const { air, transport, accepted } = await open('peripheral', { name: 'Desk' });
    const other = air.peripheral();
    other.advertise('Other', () => undefined);
    const [address] = air.shown.keys();
    const connection = await transport.dial(`ble://${address?.replaceAll(':', '-')}`);
    expect([connection.peer, accepted.length]).toEqual(['ble Desk', 1]);
  });

  it.each([
    ['absent', 'No Bluetooth adapter is there'],
    ['off', 'Bluetooth is switched off'],
    ['unauthorized', 'may not use Bluetooth'],
  ] as const)('[TP100] says at once that the adapter is %s', async (state, words) => {
    const air = new SimulatedAir({ clock: createSystemClock() });
    const radio = air.central();
    radio.turn(state);
    const dialler = createBleDialler({ clock: createSystemClock(), openRadio: () => radio });
    await expect(dialler.dial('ble://Desk')).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: expect.stringContaining(words) as string,
    });
  });

  it('[TP100] lets its radio go with the connection, also where the library does not say that the link ended', async () => {
    const clock = new SimulatedClock();
    const air = new SimulatedAir({ clock });
    const router = air.peripheral();
    router.advertise('Desk', () => undefined);
    const radio = air.central();
    let closed = 0;
    const close = radio.close.bind(radio);
    radio.close = () => {
      closed++;
      return close();
    };
    const dialling = createBleDialler({ clock, openRadio: () => radio }).dial('ble://Desk');
    await clock.advanceAsync(100);
    const connection = await dialling;
    for (const link of radio.links) link.disconnect = () => undefined;
    connection.close();
    expect(closed).toBe(0);
    await clock.advanceAsync(1500);
    expect(closed).toBeGreaterThan(0);
  });

  it('[TP100] gives up where nobody has that name, and where it is told to', async () => {
    const air = new SimulatedAir({ clock: createSystemClock() });
    const openRadio = () => air.central();
    const dialler = createBleDialler({ clock: createSystemClock(), openRadio, limits: { dialTimeoutMs } });
    await expect(dialler.dial('ble://Desk')).rejects.toMatchObject({
      message: expect.stringContaining('nobody in range is called Desk') as string,
    });
    const slow = createBleDialler({ clock: createSystemClock(), openRadio });
    const dialled = slow.dial('ble://Desk');
    slow.abandon();
    await expect(dialled).rejects.toMatchObject({ message: expect.stringContaining('given up') as string });
  });
});
