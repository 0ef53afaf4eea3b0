import { describe, expect, it } from 'vitest';
import { f64, fromJson } from '../../../../src-main/contract/signal.ts';
import { messageType, type Message, type PublishMessage } from '../../../../src-main/core/protocol/messages.ts';
import { p2pAnnounceAddress, signalAddress } from '../../../../src-main/core/protocol/p2p.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import type { LocalSession } from '../../../../src-main/core/router/delivery/delivery.ts';
import { PeerSignals } from '../../../../src-main/core/router/sessions/peer-signals.ts';
import type { Session } from '../../../../src-main/core/router/sessions/session.ts';
import { signallingOf } from '../../../../src-main/core/router/sessions/signalling.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

function make() {
  const clock = new SimulatedClock();
  const sent: Message[] = [];
  const session = { send: (message: Message) => sent.push(message) } as unknown as Session;
  const limits = { signalsBurstMax: 2, signalsPerSecondMax: 1 };
  const signals = new PeerSignals({ clock, limits, sessionOf: (id) => (id === 'desk' ? session : undefined) });
  return { clock, sent, session, signals };
}

const signal: PublishMessage = {
  type: messageType.publish,
  kind: 'event',
  address: signalAddress('door'),
  value: WireValue.of(f64(1)),
};

describe('signals between peers', () => {
  it('[RT474] are allowed again as time goes by, never more than at once at first', () => {
    const { clock, session, signals } = make();
    const allowed = (): boolean[] => [1, 2, 3].map(() => signals.allows(session));
    expect(allowed()).toEqual([true, true, false]);
    clock.advance(1000);
    expect(allowed()).toEqual([true, false, false]);
    clock.advance(3_600_000);
    expect(allowed()).toEqual([true, true, false]);
    expect(signals.allows({} as unknown as Session)).toBe(true);
  });

  it('[RT477] reach whoever has the id, in the process or a session, and nobody once it has gone', () => {
    const { sent, signals } = make();
    const heard: unknown[] = [];
    const end = signals.receive('door', (from, value) => heard.push([from, value]));
    expect([signals.pass('door', signal, 'desk'), signals.pass('desk', signal, 'lamp')]).toEqual([true, true]);
    expect(signals.pass('nobody', signal, 'desk')).toBe(false);
    expect([heard, sent]).toEqual([[['desk', f64(1)]], [signal]]);
    end();
    expect(signals.pass('door', signal, 'desk')).toBe(false);
    signals.receive('door', () => undefined)();
  });

  it('[RT477] of a participant in the process go out under its name, and it hears who announces', () => {
    const { sent, signals } = make();
    const published: unknown[] = [];
    const names: string[] = [];
    let hear: () => void = () => undefined;
    let closed = 0;
    const local: LocalSession = {
      publish: (all) => void published.push(...all),
      schedule: () => 'full',
      subscribe: (_, run) => {
        hear = () => run([]);
        return () => undefined;
      },
      close: () => closed++,
    };
    const line = signallingOf(signals, (name) => {
      names.push(name);
      return local;
    }).open('router', () => undefined);
    let heard = 0;
    line.onAnnounce(() => heard++);
    hear();
    line.announce(fromJson({ session_id: 'router' }));
    expect([names, heard, line.send('desk', f64(2))]).toEqual([['signalling router'], 1, true]);
    expect(published).toEqual([
      { kind: 'event', address: p2pAnnounceAddress, value: fromJson({ session_id: 'router' }) },
    ]);
    expect(sent).toMatchObject([{ kind: 'event', address: signalAddress('desk') }]);
    line.close();
    expect(closed).toBe(1);
  });
});
