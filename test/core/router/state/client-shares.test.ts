import { describe, expect, it } from 'vitest';
import type { Origin } from '../../../../src-main/core/router/delivery/delivery.ts';
import { ClientShares } from '../../../../src-main/core/router/state/client-shares.ts';

const origin = (owner: Origin['owner'], fromLocal = false): Origin => ({
  name: 'x',
  owner,
  fromLocal,
  cause: undefined,
});

describe('what clients have put of timelines', () => {
  it('[TL86] is one share for a client over all its sessions, one for each session without, none in the process', () => {
    const shares = new ClientShares();
    const client = {};
    const [first, second] = [{ client }, { client }].map((owner) => shares.of(origin(owner)));
    expect(first).toBe(second);
    const owner = {};
    expect(shares.of(origin(owner))).toBe(shares.of(origin(owner)));
    expect(shares.of(origin({}))).not.toBe(shares.of(origin(owner)));
    const share = shares.of(origin({ name: 'desk' }));
    expect([share, first, shares].map((each) => shares.nameOf(each ?? {}))).toEqual(['desk', 'x', '']);
    expect([shares.of(undefined), shares.of(origin(owner, true))]).toEqual([undefined, undefined]);
  });
});
