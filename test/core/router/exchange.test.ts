import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { RouterCounters } from '../../../src-main/core/router/counters.ts';
import { Exchange } from '../../../src-main/core/router/exchange.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { LocalQueue } from '../../../src-main/core/router/delivery/local-queue.ts';
import { Outbox } from '../../../src-main/core/router/delivery/outbox.ts';
import { Session } from '../../../src-main/core/router/sessions/session.ts';
import { targetsOf } from '../../../src-main/core/router/subscriptions/subscription.ts';
import { TurnLine } from '../../../src-main/core/router/delivery/turn-line.ts';
import { Turn } from '../../../src-main/core/router/delivery/turn.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { LookedClock } from '../../../src-main/core/clock/looked-clock.ts';
import { silentLog } from '../../silent-log.ts';
import { AnnouncedSignals } from '../../../src-main/core/router/state/announced-signals.ts';
import { WaitingLine } from '../../../src-main/core/router/delivery/waiting-line.ts';
import { addressed, pattern, publish } from './router-fixture.ts';
import { Valve } from './valve.ts';

const counters = new RouterCounters();
const clock = new LookedClock(new SimulatedClock());
const line = new TurnLine({ clock, defer: () => undefined, limits: routerLimits });
const turn = new Turn(line.atEnd);

function exchange(): Exchange {
  const queue = new LocalQueue({
    defer: () => undefined,
    log: silentLog,
    limits: routerLimits,
    onShed: () => undefined,
  });
  return new Exchange({ clock, limits: routerLimits, counters, queue, announced: new AnnouncedSignals(routerLimits) });
}

function session(id: string): Session & { readonly connection: Valve } {
  const connection = new Valve();
  const outbox = new Outbox({
    connection,
    turn,
    line,
    limits: routerLimits,
    onShed: () => undefined,
    onOverflow: () => undefined,
  });
  const waiting = new WaitingLine({ limits: routerLimits, outbox, onOverflow: () => undefined });
  return Object.assign(new Session(id, connection, { outbox, line: waiting, door: undefined }), { connection });
}

describe('exchange', () => {
  it('[RT40] encodes a message once for all sessions, whatever number of them gets it', () => {
    const subject = exchange();
    const sessions = Array.from({ length: 20 }, (_, i) => session(`s${i}`));
    for (const [id, each] of sessions.entries()) {
      subject.subscribe(pattern('/a'), { session: each, id, pattern: pattern('/a'), mask: 0xff, options: {} });
    }
    const address = parseAddress('/a');
    subject.set(
      { address, value: WireValue.of(f64(1)), writer: 's0', at: clock.nowMicros() },
      session('writer').origin,
    );
    turn.flush();
    expect(new Set(sessions.map(({ connection }) => connection.chunks[0])).size).toBe(1);
    expect(addressed(sessions[7]?.connection.messages() ?? [])).toEqual([['/a', 1]]);
  });

  it('[RT20] passes a PUBLISH by its sender and counts what it accepted', () => {
    const subject = exchange();
    const [sender, other] = [session('sender'), session('other')];
    for (const each of [sender, other]) {
      subject.subscribe(pattern('/**'), { session: each, id: 1, pattern: pattern('/**'), mask: 0xff, options: {} });
    }
    const before = counters.messagesTotal;
    subject.publish(publish('event', '/e'), parseAddress('/e'), sender.origin);
    turn.flush();
    expect([sender, other].map(({ connection }) => connection.chunks.length)).toEqual([0, 1]);
    expect(counters.messagesTotal - before).toBe(1);
  });

  it('[RT17] makes one target of all subscriptions of a session, with every kind that one of them wants', () => {
    const one = session('one');
    const wish = { session: one, pattern: pattern('/a'), options: {} };
    const { sessions, locals } = targetsOf([
      { ...wish, id: 1, mask: 0x01 },
      { ...wish, id: 2, mask: 0x04 },
    ]);
    expect(sessions).toMatchObject([{ session: { id: 'one' }, mask: 0x05, plainMask: 0x05 }]);
    expect(locals).toEqual([]);
  });
});
