import { describe, expect, it } from 'vitest';
import { discoverAt } from '../../../src-main/core/discovery/discover-at.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { FakeServer } from './fake-server.ts';

const good = { id: 'a', name: 'Desk', endpoints: { ws: 'ws://a' }, registeredAt: 1, lastSeen: 2 };

function ask(body: string, filter = {}, status = 200) {
  const server = new FakeServer(() => ({ status, body }));
  const asking = discoverAt({ http: server, clock: new SimulatedClock(), url: 'http://finder:7340' }, filter);
  return { asked: () => server.asked, asking };
}

describe('asking a rendezvous server who is there', () => {
  it('[RZ46] sends what is looked for', async () => {
    const { asked, asking } = ask('[]', { tag: 'a&b ü', feature: 'param', limit: 7 });
    expect(await asking).toEqual([]);
    expect(asked()).toEqual(['GET /discover?tag=a%26b%20%C3%BC&feature=param&limit=7']);
    const plain = ask('[]', { tag: undefined });
    await plain.asking;
    expect(plain.asked()).toEqual(['GET /discover']);
  });

  it('[RZ46] takes entries of servers that do not sign, and leaves out what is none', async () => {
    const evil = { ...good, endpoints: { ws: 'javascript:alert(1)' } };
    const nulls = { ...good, id: 'b', publicKey: null, verified: null };
    const { asking } = ask(JSON.stringify([good, evil, 5, null, { ...good, name: 'a\u001b[2J' }, nulls]));
    expect(await asking).toEqual([
      { ...good, features: [], tags: [], metadata: {}, signed: false },
      { ...nulls, features: [], tags: [], metadata: {}, signed: false },
    ]);
  });

  it('[RZ46] says what was expected of what answers otherwise', async () => {
    await expect(ask('{}').asking).rejects.toMatchObject({ code: 'bad-message' });
    await expect(ask('<html>').asking).rejects.toMatchObject({ code: 'bad-message' });
    await expect(ask('', {}, 500).asking).rejects.toMatchObject({ code: 'peer-failed' });
    await expect(ask('', {}, 403).asking).rejects.toMatchObject({ code: 'peer-refused' });
  });
});
