import { describe, expect, it } from 'vitest';
import { RendezvousLine } from '../../../src-main/core/discovery/rendezvous-call.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { fakeSigner, FakeServer } from './fake-server.ts';

function line(url: string, reply: object = {}) {
  const http = new FakeServer(() => reply);
  return { http, line: new RendezvousLine({ http, clock: new SimulatedClock(), url, signer: fakeSigner }) };
}

describe('a call of a rendezvous server', () => {
  it('[RZ40] goes below the path that the server has, and signs that', async () => {
    const { http, line: found } = line('https://proxy.example/finder/');
    await found.ask({ method: 'DELETE', path: '/unregister/x' });
    expect(http.calls[0]?.url).toBe('https://proxy.example/finder/api/v1/unregister/x');
    expect(http.calls[0]?.headers?.['rendezvous-signature']).toMatch(
      /\nDELETE\n\/finder\/api\/v1\/unregister\/x\n\d+\n$/,
    );
  });

  it('[RZ45] tells by its code what to do about a refusal', async () => {
    const ask = (reply: object) => line('http://a', reply).line.ask({ method: 'GET', path: '/x' });
    await expect(ask({ status: 404 })).rejects.toMatchObject({ kind: 'input', code: 'unknown-id' });
    await expect(ask({ status: 403, retryAfter: 4 })).rejects.toMatchObject({
      code: 'peer-refused',
      details: { status: 403, retryAfterSeconds: 4 },
    });
    await expect(ask({ status: 502 })).rejects.toMatchObject({ kind: 'unavailable', code: 'peer-failed' });
    await expect(ask({ status: 401, body: '{"error":{"code":"x","message":"y","serverTime":1e16}}' })).rejects.toThrow(
      '401',
    );
  });
});
