import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Bleno, Characteristic, PrimaryService } from '@stoprocent/bleno';
import type { Noble } from '@stoprocent/noble';

const require = createRequire(import.meta.url);
type Made<T> = new (bindings: EventEmitter) => T;
/** Neither is exported by its package; both take what talks to the adapter. */
const NobleClass = require('@stoprocent/noble/lib/noble.js') as Made<Noble>;
const BlenoClass = require('@stoprocent/bleno/lib/bleno.js') as Made<Bleno>;

/** A handle that the library gives to whatever its user made. */
type Emits = { emit(event: string, ...values: unknown[]): boolean };

export interface Shown {
  readonly address: string;
  readonly bindings: BlenoBindings;
}

/** What lies beneath the two libraries, without a radio: what one asks for, the other is told. */
export class FakeStack {
  readonly shown = new Map<string, Shown>();
  mtu = 247;
  /** how services and characteristics are called by who finds them */
  uuidOf = (uuid: string): string => uuid;
  /** what a peripheral has of characteristics */
  propertiesOf = ({ properties }: Characteristic): readonly string[] => properties;
  readonly written: { bytes: number; withoutResponse: boolean }[] = [];
  #addresses = 0;
  #handles = 64;

  noble(): { readonly noble: Noble; readonly bindings: NobleBindings } {
    const bindings = new NobleBindings(this);
    return { noble: new NobleClass(bindings), bindings };
  }

  bleno(): { readonly bleno: Bleno; readonly bindings: BlenoBindings } {
    const bindings = new BlenoBindings(this, `aa:00:00:00:00:${(this.#addresses++).toString(16).padStart(2, '0')}`);
    return { bleno: new BlenoClass(bindings), bindings };
  }

  nextHandle(): number {
    return this.#handles++;
  }
}

interface Wire {
  readonly handle: number;
  readonly peripheral: BlenoBindings;
  readonly central: NobleBindings;
  readonly id: string;
}

/** As noble's for HCI sockets, as far as they can be told apart from outside. */
export class NobleBindings extends EventEmitter {
  readonly stack: FakeStack;
  readonly wires = new Map<string, Wire>();
  #isScanning = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(stack: FakeStack) {
    super();
    this.stack = stack;
  }

  start(): void {
    this.emit('stateChange', 'poweredOn');
  }

  stop(): void {
    this.stopScanning();
    for (const id of this.wires.keys()) this.disconnect(id);
  }

  startScanning(uuids: readonly string[]): void {
    if (this.#isScanning) return;
    this.#isScanning = true;
    this.emit('scanStart');
    const look = (): void => {
      for (const [id, { address, bindings }] of this.stack.shown) {
        const serviceUuids = bindings.serviceUuids.map((uuid) => this.stack.uuidOf(uuid));
        if (!serviceUuids.some((uuid) => uuids.includes(uuid))) continue;
        const advertisement = { localName: bindings.name, serviceUuids };
        this.emit('discover', id, address, 'public', true, advertisement, -50, true);
      }
    };
    setImmediate(look);
    this.#looking = setInterval(look, 5);
  }

  stopScanning(): void {
    clearInterval(this.#looking);
    this.#isScanning = false;
    this.emit('scanStop');
  }

  connect(id: string): void {
    this.stopScanning();
    setImmediate(() => {
      const shown = this.stack.shown.get(id);
      if (!shown) return this.emit('connect', id, new Error('it is gone'));
      const wire = { handle: this.stack.nextHandle(), peripheral: shown.bindings, central: this, id };
      this.wires.set(id, wire);
      shown.bindings.wires.set(wire.handle, wire);
      shown.bindings.emit('accept', `central ${wire.handle}`, wire.handle);
      this.emit('connect', id, null);
      this.emit('onMtu', id, this.stack.mtu);
    });
  }

  cancelConnect(): void {
    // What is asked for here always comes.
  }

  disconnect(id: string): void {
    this.end(id, 0x16, 0x13);
  }

  end(id: string, here: number, there: number): void {
    const wire = this.wires.get(id);
    if (!wire) return;
    this.wires.delete(id);
    wire.peripheral.wires.delete(wire.handle);
    setImmediate(() => {
      this.emit('disconnect', id, here);
      wire.peripheral.part(wire.handle, there);
    });
  }

  discoverServices(id: string): void {
    const services = this.wires.get(id)?.peripheral.services.map(({ uuid }) => this.stack.uuidOf(uuid)) ?? [];
    setImmediate(() => this.emit('servicesDiscover', id, ['1800', ...services]));
  }

  discoverCharacteristics(id: string, service: string): void {
    const found = this.#characteristics(id).map((each) => ({
      uuid: this.stack.uuidOf(each.uuid),
      properties: this.stack.propertiesOf(each),
    }));
    setImmediate(() => this.emit('characteristicsDiscover', id, service, found));
  }

  notify(id: string, ...[service, uuid, isOn]: [string, string, boolean]): void {
    const wire = this.wires.get(id);
    const rx = this.#characteristics(id).find((each) => this.stack.uuidOf(each.uuid) === uuid);
    if (!wire || !rx) return;
    const update = (data: Buffer): void => {
      const bytes = Buffer.from(data.subarray(0, this.stack.mtu - 3));
      wire.peripheral.queue(() => {
        if (this.wires.get(id) === wire) this.emit('read', id, service, uuid, bytes, true);
      });
    };
    (rx as unknown as Emits).emit('subscribe', wire.handle, this.stack.mtu - 3, update);
    setImmediate(() => this.emit('notify', id, service, uuid, isOn));
  }

  write(id: string, ...[service, uuid, data, withoutResponse]: [string, string, Buffer, boolean]): void {
    const wire = this.wires.get(id);
    const tx = this.#characteristics(id).find((each) => this.stack.uuidOf(each.uuid) === uuid);
    if (!wire || !tx || data.length > this.stack.mtu - 3) return;
    this.stack.written.push({ bytes: data.length, withoutResponse });
    const bytes = Buffer.from(data);
    setImmediate(() => {
      const answered = (): void => void setImmediate(() => this.emit('write', id, service, uuid));
      const answer = withoutResponse ? (): void => undefined : answered;
      (tx as unknown as Emits).emit('writeRequest', wire.handle, bytes, 0, withoutResponse, answer);
    });
    if (withoutResponse) setImmediate(() => this.emit('write', id, service, uuid));
  }

  addressToId(address: string): string {
    return address.replaceAll(':', '');
  }

  #characteristics(id: string): readonly Characteristic[] {
    return this.wires.get(id)?.peripheral.services.flatMap(({ characteristics }) => [...characteristics]) ?? [];
  }
}

/** As bleno's for HCI sockets. */
export class BlenoBindings extends EventEmitter {
  readonly stack: FakeStack;
  readonly address: string;
  readonly wires = new Map<number, Wire>();
  readonly _hci: { _aclOutQueue: (() => void)[] } = { _aclOutQueue: [] };
  /** the longest that the library's own queue was */
  queuedMost = 0;
  name = '';
  serviceUuids: readonly string[] = [];
  services: readonly PrimaryService[] = [];

  constructor(stack: FakeStack, address: string) {
    super();
    this.stack = stack;
    this.address = address;
  }

  init(): void {
    setImmediate(() => this.emit('stateChange', 'poweredOn'));
  }

  setServices(services: readonly PrimaryService[]): void {
    this.services = services;
    this.emit('servicesSet');
  }

  startAdvertising(name: string, uuids: readonly string[]): void {
    this.name = name;
    this.serviceUuids = uuids;
    this.stack.shown.set(this.address.replaceAll(':', ''), { address: this.address, bindings: this });
    this.emit('advertisingStart');
  }

  stopAdvertising(): void {
    this.stack.shown.delete(this.address.replaceAll(':', ''));
    this.emit('advertisingStop');
  }

  disconnect(handle: number): void {
    const wire = this.wires.get(handle);
    wire?.central.end(wire.id, 0x13, 0x16);
  }

  stop(): void {
    this.stopAdvertising();
    for (const handle of this.wires.keys()) this.disconnect(handle);
  }

  /** As the gatt layer does it: who has gone asks for no more notifications. */
  part(handle: number, reason: number): void {
    for (const characteristic of this.services.flatMap(({ characteristics }) => [...characteristics]))
      (characteristic as unknown as Emits).emit('unsubscribe', handle);
    this.emit('disconnect', `central ${handle}`, handle, reason);
  }

  /** One packet leaves in each turn. */
  queue(run: () => void): void {
    const { _aclOutQueue: queue } = this._hci;
    queue.push(run);
    this.queuedMost = Math.max(this.queuedMost, queue.length);
    if (queue.length === 1) setImmediate(() => this.#leave());
  }

  #leave(): void {
    this._hci._aclOutQueue.shift()?.();
    if (this._hci._aclOutQueue.length > 0) setImmediate(() => this.#leave());
  }
}
