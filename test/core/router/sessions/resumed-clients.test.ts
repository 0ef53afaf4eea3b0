import { describe, expect, it } from 'vitest';
import { millis } from '../../../../src-main/contract/units.ts';
import { ResumedClients } from '../../../../src-main/core/router/sessions/resumed-clients.ts';
import { Session } from '../../../../src-main/core/router/sessions/session.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const limits = { answersMax: 10, answersTotalMax: 100, resumableMax: 2, resumableMs: millis(1000) };
const session = (id: string): Session => Object.assign(Object.create(Session.prototype) as Session, { id });

describe('clients that may come back', () => {
  it('[RT115] have one session, the newest; what an older one still does is no longer theirs', () => {
    const clock = new SimulatedClock();
    const clients = new ResumedClients({ clock, limits, onForgotten: () => undefined });
    const [first, second] = [session('1'), session('2')];
    expect(clients.join('a', first).older).toBeUndefined();
    const { client, older } = clients.join('a', second);
    expect([older?.id, client.session?.id]).toEqual(['1', '2']);
    clients.leave('a', first);
    expect(client.session?.id).toBe('2');
    expect(clock.waiting).toBe(0);
  });

  it('[RT114] are forgotten some time after they left, those that are away before those that are here', () => {
    const clock = new SimulatedClock();
    const clients = new ResumedClients({ clock, limits, onForgotten: () => undefined });
    const here = clients.join('here', session('1')).client;
    const away = clients.join('away', session('2'));
    const other = session('3');
    clients.leave('away', away.client.session ?? other);
    clients.join('third', other);
    expect(clients.join('here', session('4')).client).toBe(here);
    expect(clients.join('away', session('5')).client).not.toBe(away.client);
    clock.advance(2000);
    clients.close();
    expect(clock.waiting).toBe(0);
  });

  it('[RT363] are forgotten in the order of leaving, not of coming: who was here longest and has just left is known', () => {
    const clock = new SimulatedClock();
    const forgotten: unknown[] = [];
    const clients = new ResumedClients({ clock, limits, onForgotten: (client) => forgotten.push(client) });
    const joined = ['long here', 'passing'].map((secret) => {
      const itself = session(secret);
      return { secret, itself, client: clients.join(secret, itself).client };
    });
    for (const { secret, itself } of joined.toReversed()) clients.leave(secret, itself);
    clients.join('third', session('3'));
    expect(forgotten).toEqual([joined[1]?.client]);
    expect(clients.join('long here', session('4')).client).toBe(joined[0]?.client);
    clients.close();
  });
});
