import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import type { DoorSettings } from '../../src-main/contract/door.ts';
import type { Scope } from '../../src-main/contract/scope.ts';
import { doorRetryCap, SupervisedDoor } from '../../src-main/engine/supervised-door.ts';
import type { Connection, Listening, Transport } from '../../src-main/ports/transport.ts';
import { MemoryConnection } from '../../src-main/transports/memory/memory-connection.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

/** A port that a test takes and frees. */
class Port {
  taken = false;
  waitingFor: string | undefined;
  opened = 0;
  isOpen = false;
  refused: Record<string, number> = {};
  #accept: (connection: Connection) => void = () => undefined;

  readonly make = (): Promise<Transport> => {
    const refused = (this.refused = {});
    const listen = async (accept: (connection: Connection) => void): Promise<Listening> => {
      await Promise.resolve();
      if (this.taken) throw new UnavailableError('port-in-use', 'Port 1 is in use by another program.');
      this.#accept = accept;
      this.opened++;
      this.isOpen = true;
      const stop = async (): Promise<void> => {
        await Promise.resolve();
        this.isOpen = false;
      };
      return { url: 'tcp://here:1', stop, waitingFor: () => this.waitingFor };
    };
    return Promise.resolve({
      listen,
      refused: () => refused,
      dial: () => Promise.reject(new Error()),
      abandon: () => undefined,
    });
  };

  come(): MemoryConnection {
    const [near, far] = MemoryConnection.pair('peer');
    this.#accept(far);
    return near;
  }
}

function rig(settings: DoorSettings | undefined = { kind: 'tcp', port: 1 }) {
  const port = new Port();
  const clock = new SimulatedClock();
  const accepted: (readonly Scope[] | undefined)[] = [];
  const changes: string[] = [];
  const door = new SupervisedDoor({
    ...{
      id: 'a',
      settings,
      isGiven: false,
      isForAnyone: () => true,
      isAnyoneChosen: () => false,
      make: port.make,
      clock,
      log: silentLog,
    },
    random: { fraction: () => 0, uuid: () => '' },
    accept: (_, scopes) => accepted.push(scopes),
    onChange: () => changes.push(door.status().state),
  });
  return { port, clock, door, accepted, changes };
}

describe('one way in', () => {
  it('[DR1] opens, counts who comes and goes, and shuts', async () => {
    const { port, door, accepted, changes } = rig();
    expect(door.status()).toMatchObject({ state: 'off', enabled: false, url: '', isForAnyone: false });
    await door.switchOn();
    expect(door.status()).toMatchObject({ state: 'open', enabled: true, url: 'tcp://here:1', isForAnyone: true });
    const [first] = [port.come(), port.come()];
    first.close();
    await Promise.resolve();
    expect(door.status()).toMatchObject({ connections: 1, acceptedTotal: 2 });
    expect(accepted).toEqual([undefined, undefined]);
    port.refused['host'] = 3;
    await door.switchOff();
    expect(port.isOpen).toBe(false);
    expect(door.status()).toMatchObject({ state: 'off', url: '', refusedTotal: 3 });
    expect(changes).toEqual(['opening', 'open', 'off']);
    await door.switchOn();
    port.refused['host'] = 2;
    expect(door.figures().refused).toEqual({ host: 5 });
  });

  it('[DR1] gives those who come its scopes', async () => {
    const { port, door, accepted } = rig({ kind: 'tcp', port: 1, scopes: ['read:/**'] });
    await door.switchOn();
    port.come();
    expect(accepted).toEqual([[{ action: 'read', pattern: '/**' }]]);
  });

  it('[DR2] tries for ever to open what cannot be opened, and says why', async () => {
    const { port, clock, door } = rig();
    port.taken = true;
    await door.switchOn();
    expect(door.status()).toMatchObject({
      state: 'broken',
      reason: 'Port 1 is in use by another program. Flyrail keeps trying.',
    });
    for (let i = 0; i < 20; i++) await clock.advanceAsync(doorRetryCap);
    expect(door.status().state).toBe('broken');
    port.taken = false;
    await clock.advanceAsync(doorRetryCap);
    expect(door.status()).toMatchObject({ state: 'open', reason: 'Clients can come in.' });
    expect(clock.waiting).toBe(0);
  });

  it('[DR2] one that must open at once and cannot stays off, and says why', async () => {
    const { port, clock, door } = rig();
    port.taken = true;
    await expect(door.openNow()).rejects.toMatchObject({ code: 'port-in-use' });
    expect(door.status().state).toBe('off');
    expect(clock.waiting).toBe(0);
  });

  it('[DR2] switched off while it waits or opens, it stays shut', async () => {
    const { port, clock, door } = rig();
    port.taken = true;
    await door.switchOn();
    port.taken = false;
    await door.switchOff();
    await clock.advanceAsync(10 * doorRetryCap);
    expect(port.opened).toBe(0);
    const on = door.switchOn();
    await Promise.all([on, door.switchOff()]);
    expect([port.isOpen, door.status().state]).toEqual([false, 'off']);
    await Promise.all([door.switchOn(), door.switchOn()]);
    expect([port.isOpen, door.status().state]).toEqual([true, 'open']);
  });

  it('[DR1] that waits for a device says for which', async () => {
    const { port, door } = rig();
    port.waitingFor = 'Nothing is plugged in at /dev/ttyUSB0.';
    await door.switchOn();
    expect(door.status()).toMatchObject({ state: 'waiting', reason: 'Nothing is plugged in at /dev/ttyUSB0.' });
    port.waitingFor = undefined;
    expect(door.status().state).toBe('open');
  });
});
