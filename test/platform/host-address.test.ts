import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { findAddress, findWithinMs, HostAddress, refreshEveryMs } from '../../src-main/platform/host-address.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe('HostAddress', () => {
  it('[NW7] takes an IP address as it is and never asks for it', async () => {
    const clock = new SimulatedClock();
    expect((await HostAddress.find('10.0.0.9', { clock })).current).toBe('10.0.0.9');
    expect((await HostAddress.find('fd00::9', { clock })).current).toBe('fd00::9');
    expect(clock.waiting).toBe(0);
    expect(await findAddress('localhost', 4)).toBe('127.0.0.1');
  });

  it('[NW7] asks again every thirty seconds, follows a machine that moved, and keeps its family', async () => {
    const clock = new SimulatedClock();
    const asked: number[] = [];
    const answers = ['10.0.0.1', '10.0.0.2'];
    const find = (_name: string, family: 4 | 6 | 0): Promise<string> => {
      asked.push(family);
      const answer = answers.shift();
      return answer === undefined ? Promise.reject(new Error('no server')) : Promise.resolve(answer);
    };
    const host = await HostAddress.find('desk.local', { clock, find });
    await clock.advanceAsync(refreshEveryMs);
    expect(host.current).toBe('10.0.0.2');
    await clock.advanceAsync(refreshEveryMs * 3);
    expect(host.current).toBe('10.0.0.2');
    expect(asked).toEqual([0, 4, 4, 4, 4]);
    host.release();
    expect(clock.waiting).toBe(0);
  });

  it('[NW7] asks no more after its release, also when an answer was under way', async () => {
    const clock = new SimulatedClock();
    let answer = (_address: string): void => undefined;
    const find = (): Promise<string> => new Promise((resolve) => (answer = resolve));
    const finding = HostAddress.find('desk.local', { clock, find });
    answer('10.0.0.1');
    const host = await finding;
    clock.advance(refreshEveryMs);
    host.release();
    answer('10.0.0.2');
    await clock.advanceAsync(findWithinMs + refreshEveryMs);
    expect(host.current).toBe('10.0.0.1');
    expect(clock.waiting).toBe(0);
  });

  it('[NW8] gives up on a name server that does not answer', async () => {
    const clock = new SimulatedClock();
    const finding = HostAddress.find('desk.local', { clock, find: () => new Promise(() => undefined) });
    const refused = expect(finding).rejects.toMatchObject({ code: 'cannot-send' });
    await clock.advanceAsync(findWithinMs);
    await refused;
    expect(clock.waiting).toBe(0);
  });

  it('[NW8] says which machine was not found', async () => {
    await expect(findAddress('no-such-machine.invalid', 0)).rejects.toBeInstanceOf(UnavailableError);
    await expect(findAddress('no-such-machine.invalid', 4)).rejects.toThrow(
      'No IPv4 machine called no-such-machine.invalid was found.',
    );
  });
});
