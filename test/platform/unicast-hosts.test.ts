import { describe, expect, it } from 'vitest';
import { lookAgainEvery, UnicastHosts } from '../../src-main/platform/unicast-hosts.ts';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { findWithinMs } from '../../src-main/platform/host-address.ts';
import { SimulatedClock } from '../simulated-clock.ts';

/** A name service that knows what a test tells it, and counts what it is asked. */
function nameService(entries: Record<string, string> = {}) {
  const known = new Map(Object.entries(entries));
  const asked: string[] = [];
  const find = (name: string): Promise<string> => {
    asked.push(name);
    const address = known.get(name);
    if (address !== undefined) return Promise.resolve(address);
    return Promise.reject(new UnavailableError('cannot-send', `No machine called ${name} was found.`));
  };
  return { known, asked, find };
}

const addressesOf = (hosts: UnicastHosts): string[] => hosts.found.map(({ current }) => current);

describe('UnicastHosts', () => {
  it('[SA17] begins with those that were found, and takes the others in when they come', async () => {
    const clock = new SimulatedClock();
    const { known, find } = nameService({ b: '10.0.0.2' });
    const hosts = await UnicastHosts.find(['a', 'b', 'b', 'c'], { clock, find });
    expect([addressesOf(hosts), hosts.trouble]).toEqual([
      ['10.0.0.2'],
      'Not found: a, c. Flyrail keeps looking, and sends to the others.',
    ]);
    known.set('a', '10.0.0.1');
    await clock.advanceAsync(lookAgainEvery);
    expect(addressesOf(hosts)).toEqual(['10.0.0.2', '10.0.0.1']);
    expect(hosts.trouble).toBe('Not found: c. Flyrail keeps looking, and sends to the others.');
    known.set('c', '10.0.0.3');
    await clock.advanceAsync(lookAgainEvery);
    expect(hosts.trouble).toBeUndefined();
    hosts.release();
    expect(clock.waiting).toBe(0);
  });

  it('[SA17] names three of many', async () => {
    const { find } = nameService({ x: '10.0.0.9' });
    const hosts = await UnicastHosts.find(['x', 'a', 'b', 'c', 'd', 'e'], { clock: new SimulatedClock(), find });
    expect(hosts.trouble).toBe('Not found: a, b, c and 2 more. Flyrail keeps looking, and sends to the others.');
    hosts.release();
  });

  it('[SA17] fails with the first reason when none is found, and looks no more', async () => {
    const clock = new SimulatedClock();
    const { find } = nameService();
    await expect(UnicastHosts.find(['a', 'b'], { clock, find })).rejects.toThrow('No machine called a was found.');
    expect(clock.waiting).toBe(0);
  });

  it('[SA17] does not ask for a name again while the question before is not answered', async () => {
    const clock = new SimulatedClock();
    let asked = 0;
    let refuse = (_reason: Error): void => undefined;
    const find = (name: string): Promise<string> => {
      if (name === 'near') return Promise.resolve('10.0.0.1');
      asked++;
      return new Promise((_, reject) => (refuse = reject));
    };
    const finding = UnicastHosts.find(['near', 'slow'], { clock, find });
    await clock.advanceAsync(findWithinMs);
    const hosts = await finding;
    await clock.advanceAsync(10 * lookAgainEvery);
    expect(asked).toBe(1);
    refuse(new Error('timed out'));
    await clock.advanceAsync(2 * lookAgainEvery);
    expect(asked).toBe(2);
    hosts.release();
    await clock.advanceAsync(findWithinMs + lookAgainEvery);
    expect([asked, clock.waiting]).toEqual([2, 0]);
  });
});
