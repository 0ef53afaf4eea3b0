import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import type { Ttl } from '../../../../src-main/core/protocol/messages.ts';
import { ParamExpiry } from '../../../../src-main/core/router/state/param-expiry.ts';
import type { RunningTtl } from '../../../../src-main/core/router/state/param-write.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

function bench() {
  const clock = new SimulatedClock();
  const expired: string[] = [];
  const expiry = new ParamExpiry(clock, (address) => void expired.push(address));
  const given = new Map<Ttl, RunningTtl>();
  /** @param ttl the very one that was given before goes on */
  const write = (name: string, ttl: Ttl | undefined): void => {
    const timestamp = clock.nowMicros();
    const running = ttl && (given.get(ttl) ?? { ...ttl, since: timestamp });
    if (ttl && running) given.set(ttl, running);
    expiry.note({ address: parseAddress(name), ttl: running, timestamp });
  };
  return { clock, expired, expiry, write };
}

const sliding: Ttl = { seconds: 10, absolute: false };
const absolute: Ttl = { seconds: 10, absolute: true };
const never: Ttl = { seconds: 0, absolute: false };

describe('when params expire', () => {
  it('[RT130] a sliding TTL counts from the last write, an absolute one from the write that gave it', () => {
    const { clock, expired, write } = bench();
    write('/sliding', sliding);
    write('/absolute', absolute);
    clock.advance(9000);
    write('/sliding', sliding);
    write('/absolute', absolute);
    clock.advance(1000);
    expect(expired).toEqual(['/absolute']);
    clock.advance(9000);
    expect(expired).toEqual(['/absolute', '/sliding']);
    expect(clock.waiting).toBe(0);
  });

  it('[RT130] another TTL counts anew, also never, and an absolute one of 0 seconds is over at once', () => {
    const { clock, expired, write } = bench();
    write('/a', absolute);
    write('/b', sliding);
    clock.advance(5000);
    write('/a', { ...absolute });
    write('/b', never);
    write('/c', { seconds: 0, absolute: true });
    write('/d', undefined);
    clock.advance(0);
    expect(expired).toEqual(['/c']);
    clock.advance(9999);
    expect(expired).toEqual(['/c']);
    clock.advance(1);
    expect(expired).toEqual(['/c', '/a']);
    clock.advance(1e9);
    expect(expired).toHaveLength(2);
  });

  it('[RT130] of what is gone, or when the router ends, nothing expires', () => {
    const { clock, expired, expiry, write } = bench();
    write('/a', sliding);
    write('/b', sliding);
    expiry.forget(parseAddress('/a'));
    expiry.forget(parseAddress('/unknown'));
    expect(clock.waiting).toBe(1);
    expiry.close();
    clock.advance(1e6);
    expect([expired, clock.waiting]).toEqual([[], 0]);
  });
});
