import { describe, expect, it } from 'vitest';
import type { FromRadio, RadioProcess, ToRadio } from '../../../src-main/transports/ble/radio-messages.ts';
import { ProcessRadio } from '../../../src-main/transports/ble/process-radio.ts';
import type { RadioLink, RadioState } from '../../../src-main/transports/ble/radio.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** What the test says instead of a process. */
class HandProcess implements RadioProcess {
  readonly told: ToRadio[] = [];
  hasEnded = false;
  say: (message: FromRadio) => void = () => undefined;
  die: (reason: string) => void = () => undefined;

  tell(message: ToRadio): void {
    this.told.push(message);
  }

  onMessage(run: (message: FromRadio) => void): void {
    this.say = run;
  }

  onGone(run: (reason: string) => void): void {
    this.die = run;
  }

  async end(): Promise<void> {
    this.hasEnded = true;
  }
}

function started() {
  const clock = new SimulatedClock();
  const processes: HandProcess[] = [];
  const startProcess = (): RadioProcess => {
    const process = new HandProcess();
    processes.push(process);
    return process;
  };
  const radio = new ProcessRadio({ clock, log: silentLog, startProcess });
  const states: RadioState[] = [];
  radio.onState((state) => states.push(state));
  const turn = (state: RadioState, process = processes.at(-1)): void => process?.say({ is: 'state', state });
  return { clock, processes, radio, states, turn };
}

const never = new AbortController().signal;

describe('a radio in a process', () => {
  it('[TP101] says that it has failed when its process ends, ends its links, and starts another', async () => {
    const { clock, processes, radio, states, turn } = started();
    turn('on');
    const links: RadioLink[] = [];
    const connected = radio.connect('x', { givenUp: never, accept: (link) => links.push(link) });
    processes[0]?.say({ is: 'link', link: 1, peer: 'x', messageBytes: 20 });
    await connected;
    const waiting = radio.connect('y', { givenUp: never, accept: () => undefined });
    let ended = '';
    links[0]?.onEnd((reason) => (ended = reason));
    const sending = links[0]?.send(Uint8Array.of(1), true);
    processes[0]?.die('it threw');
    await expect(sending).rejects.toMatchObject({ code: 'link-closed' });
    await expect(waiting).rejects.toMatchObject({ code: 'cannot-open-port' });
    expect([ended, states]).toEqual(['the adapter is gone', ['starting', 'on', 'failed']]);
    await clock.advanceAsync(15_000);
    expect(processes.length).toBe(2);
    turn('on');
    expect(states.at(-1)).toBe('on');
    await clock.advanceAsync(60_000);
    expect([processes.length, clock.waiting]).toEqual([2, 0]);
  });

  it('[TP101] starts the library anew as long as the adapter is not on, and does not change what it says meanwhile', async () => {
    const { clock, processes, states, turn } = started();
    turn('absent');
    for (let i = 2; i < 6; i++) {
      await clock.advanceAsync(15_000);
      expect([processes.length, processes.at(-2)?.hasEnded]).toEqual([i, true]);
      turn('starting');
    }
    turn('off', processes[0]);
    turn('on');
    expect(states).toEqual(['starting', 'absent', 'on']);
  });

  it('[TP101] does not go on with a library whose adapter went, also where it says that it is back', async () => {
    const { clock, processes, states, turn } = started();
    turn('on');
    turn('starting');
    turn('on');
    expect(states).toEqual(['starting', 'on', 'starting']);
    await clock.advanceAsync(1000);
    expect([processes.length, processes[0]?.hasEnded]).toEqual([2, true]);
    turn('on');
    expect(states).toEqual(['starting', 'on', 'starting', 'on']);
    await clock.advanceAsync(60_000);
    expect([processes.length, clock.waiting]).toEqual([2, 0]);
  });

  it('[TP101] is not told of an old process that ends', async () => {
    const { clock, processes, states, turn } = started();
    turn('absent');
    await clock.advanceAsync(15_000);
    turn('on');
    processes[0]?.die('terminated');
    expect(states).toEqual(['starting', 'absent', 'on']);
  });

  it('[TP101] closes in order, in time where the process says nothing, and starts nothing afterwards', async () => {
    const { clock, processes, radio, turn } = started();
    turn('on');
    const closing = radio.close();
    await clock.advanceAsync(300);
    await closing;
    expect([processes[0]?.told.at(-1), processes[0]?.hasEnded]).toEqual([{ do: 'close' }, true]);
    processes[0]?.die('terminated');
    await clock.advanceAsync(60_000);
    expect([processes.length, clock.waiting]).toEqual([1, 0]);
  });

  it('[TP101] tells the process to give up what is given up, and disconnects what comes nevertheless', async () => {
    const { processes, radio, turn } = started();
    turn('on');
    const attempt = new AbortController();
    const connecting = radio.connect('x', { givenUp: attempt.signal, accept: () => expect.unreachable() });
    attempt.abort();
    await expect(connecting).rejects.toMatchObject({ message: 'given up' });
    processes[0]?.say({ is: 'link', link: 1, peer: 'x', messageBytes: 20 });
    expect(processes[0]?.told).toEqual([
      { do: 'connect', link: 1, id: 'x' },
      { do: 'disconnect', link: 1 },
      { do: 'disconnect', link: 1 },
    ]);
  });
});
