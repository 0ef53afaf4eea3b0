import { f64, signalKinds } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import { messageType, type Message, type SetMessage } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { encodeTimeline } from '../../src-main/core/timeline/timeline-carrier.ts';
import { oneOf, wholeNumber, type Chance } from '../seeded-chance.ts';

/** when simulated clocks begin */
const epoch = 1_700_000_000_000_000;

/** A message that is right by itself, and one of very many: what meets the bounds of the router. */
export function boldMessage(chance: Chance): Message {
  const kinds = ['set', 'lock', 'subscribe', 'announce', 'later', 'timeline', 'gesture', 'event', 'bundle'] as const;
  const value = WireValue.of(f64(wholeNumber(chance, 0, 9)));
  const address = `/bold/${wholeNumber(chance, 0, 80)}`;
  switch (oneOf(chance, kinds)) {
    case 'set':
      return { type: messageType.set, address, value, ...timed(chance) };
    case 'lock':
      return {
        type: messageType.set,
        address: '/bold/1',
        value,
        ...oneOf(chance, [{ lock: true }, { unlock: true }, {}]),
      };
    case 'subscribe': {
      const pattern = oneOf(chance, ['/**', '/bold/*', address]);
      return {
        type: messageType.subscribe,
        id: wholeNumber(chance, 0, 20),
        pattern,
        types: 0xff,
        options: { maxRate: 5 },
      };
    }
    case 'announce':
      return {
        type: messageType.announce,
        namespace: '/bold',
        signals: [{ address, kind: oneOf(chance, signalKinds) }],
      };
    case 'later': {
      const messages: Message[] = [{ type: messageType.set, address, value }];
      return { type: messageType.bundle, timestamp: BigInt(epoch + wholeNumber(chance, 0, 300_000_000)), messages };
    }
    case 'timeline':
      return { type: messageType.publish, kind: 'timeline', address, value: WireValue.of(line(chance)) };
    case 'gesture': {
      const phase = oneOf(chance, ['start', 'move', 'end', 'cancel'] as const);
      return { type: messageType.publish, kind: 'gesture', address, phase, id: wholeNumber(chance, 0, 400), value };
    }
    case 'event':
      return { type: messageType.publish, kind: 'event', address, value };
    case 'bundle': {
      const step = (): Message => ({ type: messageType.set, address: `/bold/${wholeNumber(chance, 0, 80)}`, value });
      const wrong: Message = { type: messageType.set, address, value, revision: 99n };
      return { type: messageType.bundle, messages: chance() < 0.5 ? [step(), step()] : [step(), wrong, step()] };
    }
  }
}

function timed(chance: Chance): Pick<SetMessage, 'ttl'> {
  return chance() < 0.2 ? { ttl: { seconds: wholeNumber(chance, 1, 9), absolute: chance() < 0.5 } } : {};
}

function line(chance: Chance): ReturnType<typeof encodeTimeline> {
  const end = { time: micros(wholeNumber(chance, 0, 5_000_000)), value: f64(1), easing: 'linear' as const };
  const keyframes = [{ time: micros(0), value: f64(0), easing: 'linear' as const }, end];
  return encodeTimeline({ keyframes, loop: false });
}
