import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { BleConnection } from '../../../src-main/transports/ble/ble-connection.ts';
import { createBleTransport, type BleTransport } from '../../../src-main/transports/ble/ble-transport.ts';
import { BlenoRadio } from '../../../src-main/transports/ble/bleno-radio.ts';
import { endWords } from '../../../src-main/transports/ble/end-words.ts';
import { NobleRadio } from '../../../src-main/transports/ble/noble-radio.ts';
import type { CentralRadio, PeripheralRadio, RadioLink } from '../../../src-main/transports/ble/radio.ts';
import { LibraryState } from '../../../src-main/transports/ble/radio-state.ts';
import { ProcessRadio } from '../../../src-main/transports/ble/process-radio.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { describeTransport } from '../../conformance/transport.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { startChannelProcess } from './channel-process.ts';
import { FakeStack, type BlenoBindings, type NobleBindings } from './fake-stack.ts';

const clock = createSystemClock();
const limits = { dialTimeoutMs: millis(500), linksMax: 64 };

function door(stack = new FakeStack()): BleTransport {
  const inProcess = (radio: Partial<CentralRadio> & Partial<PeripheralRadio>): ProcessRadio =>
    new ProcessRadio({ clock, log: silentLog, startProcess: () => startChannelProcess(radio) });
  const openRadio = {
    central: () => inProcess(new NobleRadio(stack.noble().noble)),
    peripheral: () => inProcess(new BlenoRadio(stack.bleno().bleno)),
  };
  return createBleTransport({ role: 'peripheral', openRadio, clock, log: silentLog, limits });
}

describeTransport('ble by noble and bleno, each in its process', () => ({
  transport: door(),
  closeWords: 'closed by the peer',
  isLossy: true,
  stall: () => () => undefined,
}));

describeClasp('ble by noble and bleno, each in its process', () => ({
  transport: door(),
  cut: (connection) => {
    if (!(connection instanceof BleConnection)) throw new Error('not Bluetooth');
    connection.terminate('cut');
  },
}));

interface Pair {
  readonly stack: FakeStack;
  readonly near: RadioLink;
  readonly far: RadioLink;
  readonly central: NobleRadio;
  readonly nobleBindings: NobleBindings;
  readonly blenoBindings: BlenoBindings;
  readonly id: string;
  /** once more */
  connect(): Promise<RadioLink | undefined>;
}

async function pair(stack = new FakeStack()): Promise<Pair> {
  const [{ noble, bindings: nobleBindings }, { bleno, bindings: blenoBindings }] = [stack.noble(), stack.bleno()];
  const [central, peripheral] = [new NobleRadio(noble), new BlenoRadio(bleno)];
  const links: { near?: RadioLink; far?: RadioLink } = {};
  await until('both to be on', () => isOn(central) && isOn(peripheral));
  peripheral.advertise('Desk', (link) => (links.far = link));
  let id = '';
  const cancel = central.scan((sighting) => (id = sighting.id));
  await until('the other to be seen', () => id !== '');
  cancel();
  const givenUp = new AbortController().signal;
  const connect = async () => {
    await central.connect(id, { givenUp, accept: (link) => (links.near = link) });
    return links.near;
  };
  await connect();
  await until('both links', () => links.near !== undefined && links.far !== undefined);
  const { near, far } = links;
  if (!near || !far) throw new Error('no links');
  return { stack, near, far, central, nobleBindings, blenoBindings, id, connect };
}

function isOn(radio: CentralRadio | PeripheralRadio): boolean {
  let state = '';
  radio.onState((told) => (state = told))();
  return state === 'on';
}

/** What a characteristic answers to whoever asks as a GATT layer does. */
function ask(bindings: BlenoBindings, uuid: string, event: string, ...values: unknown[]): Promise<readonly unknown[]> {
  const found = bindings.services
    .flatMap(({ characteristics }) => [...characteristics])
    .find((each) => each.uuid.startsWith(uuid));
  return new Promise((resolve) => {
    (found as unknown as NodeJS.EventEmitter).emit(event, ...values, (...answer: unknown[]) => resolve(answer));
  });
}

describe('the GATT service', () => {
  it.each([
    ['whole', (uuid: string) => uuid],
    ['short', (uuid: string) => uuid.slice(4, 8)],
  ])('[TP102] is found where its UUIDs are written %s, with the MTU that was agreed on', async (_, uuidOf) => {
    const stack = new FakeStack();
    stack.uuidOf = uuidOf;
    stack.mtu = 185;
    const { near, far } = await pair(stack);
    expect([near.messageBytes, far.messageBytes, near.peer]).toEqual([182, 182, 'Desk']);
  });

  it.each([
    [null, 20],
    [23, 20],
    [10_000, 514],
    [Number.NaN, 20],
  ])('[TP95] takes an MTU of %s for what one can be', async (mtu, bytes) => {
    const { near, nobleBindings, id } = await pair();
    expect(near.messageBytes).toBe(244);
    if (mtu) nobleBindings.emit('onMtu', id, mtu);
    expect(near.messageBytes).toBe(mtu ? bytes : 244);
  });

  it('[TP102] refuses a peripheral that has not its characteristics, and disconnects', async () => {
    const stack = new FakeStack();
    const { central, id, nobleBindings, near } = await pair(stack);
    near.disconnect();
    await until('the end', () => nobleBindings.wires.size === 0);
    stack.uuidOf = (uuid) => (uuid.includes('7332') ? '2a00' : uuid);
    const connecting = central.connect(id, {
      givenUp: new AbortController().signal,
      accept: () => expect.unreachable(),
    });
    await expect(connecting).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: 'it has not the characteristics of CLASP',
    });
    await until('it to be disconnected', () => nobleBindings.wires.size === 0);
  });

  it('[TP102] is left alone where nobody was seen, and where the attempt is given up', async () => {
    const { central, id, near, nobleBindings } = await pair();
    near.disconnect();
    await until('the end', () => nobleBindings.wires.size === 0);
    const accept = (): void => expect.unreachable();
    const attempt = new AbortController();
    await expect(central.connect('nobody', { givenUp: attempt.signal, accept })).rejects.toMatchObject({
      message: 'nobody was seen there',
    });
    const connecting = central.connect(id, { givenUp: attempt.signal, accept });
    attempt.abort();
    await expect(connecting).rejects.toMatchObject({ message: 'given up' });
  });

  it('[TP102] is used again after the link was lost, with nothing left of the old one', async () => {
    const { near, far, nobleBindings, id, connect } = await pair();
    const ends: string[] = [];
    near.onEnd((reason) => ends.push(reason));
    far.onEnd((reason) => ends.push(reason));
    nobleBindings.end(id, 0x08, 0x08);
    await until('both ends', () => ends.length === 2);
    expect(ends[0]).toBe('the link was lost');
    await expect(near.send(Uint8Array.of(1), true)).rejects.toMatchObject({ code: 'link-closed' });
    for (let i = 0; i < 15; i++) {
      const again = await connect();
      nobleBindings.end(id, 0x08, 0x08);
      await new Promise<string>((resolve) => again?.onEnd(resolve));
    }
  });

  it('[TP103] tells by reading RX what it understands, from any offset', async () => {
    const { blenoBindings } = await pair();
    expect(await ask(blenoBindings, '00007332', 'readRequest', 64, 0)).toEqual([0, Buffer.from('clasp pieces=1')]);
    expect(await ask(blenoBindings, '00007332', 'readRequest', 64, 6)).toEqual([0, Buffer.from('pieces=1')]);
    expect(await ask(blenoBindings, '00007332', 'readRequest', 64, 15)).toEqual([7]);
  });

  it('[TP103] takes what is written to TX of whoever asked for notifications, and refuses it of others', async () => {
    const { blenoBindings, near, far } = await pair();
    const got: Buffer[] = [];
    far.onMessage((message) => got.push(Buffer.from(message)));
    await near.send(Uint8Array.of(1, 2), true);
    await near.send(Uint8Array.of(3), false);
    await until('both', () => got.length === 2);
    expect(got).toEqual([Buffer.of(1, 2), Buffer.of(3)]);
    const [handle] = blenoBindings.wires.keys();
    expect(await ask(blenoBindings, '00007331', 'writeRequest', handle, Buffer.of(4), 0, false)).toEqual([0]);
    expect(await ask(blenoBindings, '00007331', 'writeRequest', 999, Buffer.of(4), 0, false)).toEqual([0x0e]);
    expect(await ask(blenoBindings, '00007331', 'writeRequest', handle, Buffer.of(4), 3, false)).toEqual([0x0b]);
    expect(got.length).toBe(3);
  });

  it('[TP98] ends a link when its central asks for no more notifications, and begins another when it asks again', async () => {
    const { blenoBindings, far, id, nobleBindings } = await pair();
    const [handle] = blenoBindings.wires.keys();
    let ended = '';
    far.onEnd((reason) => (ended = reason));
    for (const { characteristics } of blenoBindings.services)
      for (const each of characteristics) (each as unknown as NodeJS.EventEmitter).emit('unsubscribe', handle);
    expect(ended).toBe('closed by the peer');
    expect(nobleBindings.wires.has(id)).toBe(true);
  });

  it('[TP104] waits for the library to hand on notifications, so that few are held', async () => {
    const { blenoBindings, near, far } = await pair();
    let got = 0;
    near.onMessage(() => got++);
    for (let i = 0; i < 300; i++) await far.send(new Uint8Array(100), false);
    await until('all', () => got === 300);
    expect(blenoBindings.queuedMost).toBeLessThanOrEqual(8);
  });

  it('[TP104] asks for a response after 2 KiB without, so that no more than that waits unseen', async () => {
    const { stack, near } = await pair();
    for (let i = 0; i < 60; i++) await near.send(new Uint8Array(100), false);
    expect(stack.written.filter(({ withoutResponse }) => !withoutResponse).length).toBe(2);
  });

  it.each([
    [['write'], [false, false]],
    [['writeWithoutResponse'], [true, true]],
  ] as const)('[TP104] writes as a peripheral that knows %j alone takes it', async (properties, expected) => {
    const stack = new FakeStack();
    stack.propertiesOf = () => properties;
    const { near } = await pair(stack);
    await near.send(Uint8Array.of(1), true);
    await near.send(Uint8Array.of(1), false);
    expect(stack.written.map(({ withoutResponse }) => withoutResponse)).toEqual(expected);
  });

  it('[TP98] cuts a name to what fits into advertising, between characters', async () => {
    const stack = new FakeStack();
    const { bleno, bindings } = stack.bleno();
    const radio = new BlenoRadio(bleno);
    await until('it to be on', () => isOn(radio));
    radio.advertise('ü'.repeat(20), () => undefined);
    expect(bindings.name).toBe('ü'.repeat(14));
    await radio.close();
    expect(stack.shown.size).toBe(0);
  });

  it('[TP99] has failed where it cannot show itself', async () => {
    const { bleno, bindings } = new FakeStack().bleno();
    const radio = new BlenoRadio(bleno);
    await until('it to be on', () => isOn(radio));
    bindings.startAdvertising = () => void bindings.emit('advertisingStart', new Error('too long'));
    radio.advertise('Desk', () => undefined);
    let state = '';
    radio.onState((told) => (state = told));
    expect(state).toBe('failed');
  });

  it.each([
    [
      ['poweredOn', 'poweredOff', 'poweredOn'],
      ['starting', 'on', 'off', 'on'],
    ],
    [
      ['unsupported', 'poweredOff', 'unsupported'],
      ['starting', 'absent'],
    ],
    [
      ['unauthorized', 'resetting', 'poweredOn'],
      ['starting', 'unauthorized', 'starting', 'on'],
    ],
  ])('[TP99] understands what a library says of its adapter: %j', (told, expected) => {
    const states: string[] = [];
    const state = new LibraryState();
    state.onState((each) => states.push(each));
    for (const each of told) state.hear(each);
    expect(states).toEqual(expected);
  });

  it.each([
    [0x13, 'closed by the peer'],
    [0x08, 'the link was lost'],
    [0x3d, 'the link ended (0x3d)'],
    ['cleanup', 'the link ended: cleanup'],
    [undefined, 'the link ended'],
  ])('[TP3] has words for the end of a link: %s', (reason, words) => {
    expect(endWords(reason)).toBe(words);
  });
});
