import { parseAddress, parsePattern, type Address } from '../../src-main/contract/address.ts';
import { f64, type Value } from '../../src-main/contract/signal.ts';
import { micros, millis } from '../../src-main/contract/units.ts';
import type { BundleItem, SetOptions } from '../../src-main/core/client/client-api.ts';
import type { Qos } from '../../src-main/core/protocol/messages.ts';
import { encodeTimeline } from '../../src-main/core/timeline/timeline-carrier.ts';
import { oneOf, wholeNumber, type Chance } from '../seeded-chance.ts';
import type { ClientActor } from './client-actor.ts';
import type { Token } from './observation.ts';

type Act = (actor: ClientActor, chance: Chance) => void;

/** Everything an actor can do with our client library. A new capability of it is one entry here, and what must hold of it
 *  one file in invariants/. */
export const acts: Readonly<Record<string, Act>> = {
  set: (actor, chance) => set(actor, param(chance), { qos: anyQos(chance) }),
  'set again': (actor, chance) => set(actor, param(chance), { qos: anyQos(chance) }),
  expect: (actor, chance) => set(actor, param(chance), { expectedRevision: BigInt(wholeNumber(chance, 1, 6)) }),
  'set for a while': (actor, chance) => {
    const ttl = { seconds: wholeNumber(chance, 1, 3), absolute: chance() < 0.5 };
    set(actor, at('/ttl', wholeNumber(chance, 0, 2)), { ttl, qos: anyQos(chance) });
  },
  lock: (actor, chance) => set(actor, lockable(chance), { lock: true, qos: oneOf(chance, ['confirm', 'commit']) }),
  unlock: (actor, chance) => set(actor, lockable(chance), { unlock: true }),
  'set what may be locked': (actor, chance) => set(actor, lockable(chance), { qos: anyQos(chance) }),
  event: (actor, chance) => event(actor, chance, anyQos(chance)),
  'event again': (actor, chance) => event(actor, chance, anyQos(chance)),
  cues: (actor, chance) => cues(actor, chance, wholeNumber(chance, 10, 60)),
  stream: (actor, chance) => stream(actor, at('/s', wholeNumber(chance, 0, 2)), wholeNumber(chance, 1, 40)),
  burst: (actor, chance) => {
    for (let left = wholeNumber(chance, 20, 160); left > 0; left--) {
      if (chance() < 0.3) event(actor, chance, 'fire');
      else set(actor, param(chance), { qos: oneOf(chance, ['fire', 'confirm']) });
    }
  },
  gesture,
  bundle: (actor, chance) => bundle(actor, chance, undefined),
  'bundle for later': (actor, chance) => bundle(actor, chance, wholeNumber(chance, -50, 3000)),
  timeline,
  'set the highest': (actor, chance) => set(actor, at('/max', wholeNumber(chance, 0, 1)), { qos: anyQos(chance) }),
  'set the lowest': (actor, chance) => set(actor, at('/min', wholeNumber(chance, 0, 1)), { qos: anyQos(chance) }),
  merge,
  replay: (actor) => void actor.replay(),
  get: (actor, chance) =>
    actor.ask({ tokens: [], qos: 'confirm', kind: 'param' }, () => actor.client.get(param(chance))),
  query: (actor) =>
    actor.ask({ tokens: [], qos: 'confirm', kind: 'param' }, () => actor.client.query(parsePattern('/**'))),
  announce: (actor, chance) => {
    const address = at(`/announced/${actor.options.plan.who}`, wholeNumber(chance, 0, 3));
    const signals = [{ address, kind: 'event' as const }];
    actor.ask({ tokens: [], qos: 'confirm', kind: 'param' }, () => actor.client.announce(at('/announced', 0), signals));
  },
  'watch for a while': (actor, chance) => {
    const pattern = parsePattern(oneOf(chance, ['/p/*', '/e/**', '/lock/0']));
    if (actor.options.plan.watches.length > 0 || actor.client.state().phase === 'closed') return;
    const cancel = actor.client.subscribe(pattern, () => undefined, { maxRate: wholeNumber(chance, 0, 20) });
    actor.options.clock.after(millis(wholeNumber(chance, 1, 3000)), cancel);
  },
};

function set(actor: ClientActor, address: Address, options: SetOptions): void {
  const token = actor.nextToken();
  const { qos = 'confirm', expectedRevision: expects } = options;
  actor.ask({ tokens: [token], qos, kind: 'param', expects }, () => actor.client.set(address, f64(token), options));
}

/** One of three keys of a map. */
function merge(actor: ClientActor, chance: Chance): void {
  const token = actor.nextToken();
  const value: Value = { type: 'map', value: [[`key${wholeNumber(chance, 0, 2)}`, f64(token)]] };
  const qos = anyQos(chance);
  const address = at('/merge', wholeNumber(chance, 0, 1));
  actor.ask({ tokens: [], qos, kind: 'param', merges: token }, () => actor.client.set(address, value, { qos }));
}

function event(actor: ClientActor, chance: Chance, qos: Qos): void {
  const token = actor.nextToken();
  const address = at('/e', wholeNumber(chance, 0, 3));
  const signal = { kind: 'event' as const, address, value: f64(token) };
  actor.ask({ tokens: [token], qos, kind: 'event' }, () => actor.client.publish(signal, { qos }));
}

/** Events under commit, one after the other. */
function cues(actor: ClientActor, chance: Chance, left: number): void {
  event(actor, chance, 'commit');
  if (left > 1) actor.options.clock.after(millis(wholeNumber(chance, 1, 40)), () => cues(actor, chance, left - 1));
}

/** Two hundred samples a second. */
function stream(actor: ClientActor, address: Address, left: number): void {
  const token = actor.nextToken();
  const signal = { kind: 'stream' as const, address, value: f64(token) };
  actor.ask({ tokens: [token], qos: 'fire', kind: 'stream' }, () => actor.client.publish(signal));
  if (left > 1) actor.options.clock.after(millis(5), () => stream(actor, address, left - 1));
}

/** A finger at 240 Hz, which may be lifted or not. */
function gesture(actor: ClientActor, chance: Chance): void {
  const finger = actor.client.gesture(at('/g', wholeNumber(chance, 0, 1)));
  const ending = oneOf(chance, ['end', 'end', 'cancel', 'nothing'] as const);
  const step = (name: 'start' | 'move' | 'end' | 'cancel'): void => {
    const token = actor.nextToken();
    const qos = name === 'move' ? 'fire' : 'confirm';
    actor.ask({ tokens: [token], qos, kind: 'gesture' }, () => finger[name](f64(token)));
  };
  const go = (left: number): void => {
    if (left > 0) {
      step('move');
      actor.options.clock.after(millis(1000 / 240), () => go(left - 1));
    } else if (ending !== 'nothing') step(ending);
  };
  step('start');
  go(wholeNumber(chance, 0, 120));
}

function bundle(actor: ClientActor, chance: Chance, inMs: number | undefined): void {
  const items: BundleItem[] = [];
  const tokens: Token[] = [];
  for (let left = wholeNumber(chance, 1, 5); left > 0; left--) {
    const token = actor.nextToken();
    tokens.push(token);
    if (chance() < 0.3) items.push({ kind: 'event', address: at('/e', wholeNumber(chance, 0, 3)), value: f64(token) });
    else items.push({ kind: 'param', address: param(chance), value: f64(token), ...flags(chance) });
  }
  const now = actor.client.serverNow();
  if (inMs !== undefined && now === undefined) return;
  const qos = oneOf(chance, ['confirm', 'commit'] as const);
  const time = inMs === undefined || now === undefined ? {} : { at: micros(now + inMs * 1000) };
  const isForLater = inMs !== undefined;
  actor.ask({ tokens, qos, kind: 'bundle', isForLater }, () => actor.client.bundle(items, { qos, ...time }));
}

/** One in ten asks for a revision that is rarely there, so that all of it is refused. */
function flags(chance: Chance): Pick<SetOptions, 'expectedRevision'> {
  return chance() < 0.1 ? { expectedRevision: BigInt(wholeNumber(chance, 1, 9)) } : {};
}

/** From 0 to 1000 on a straight line, at an address of its own. */
function timeline(actor: ClientActor, chance: Chance): void {
  const end = micros(wholeNumber(chance, 2, 30) * 100_000);
  const keyframes = [
    { time: micros(0), value: f64(0), easing: 'linear' as const },
    { time: end, value: f64(1000), easing: 'linear' as const },
  ];
  const address = at('/t', actor.options.plan.who);
  const value = encodeTimeline({ keyframes, loop: false });
  actor.ask({ tokens: [], qos: 'commit', kind: 'timeline' }, () => actor.client.timeline(address, value));
}

function anyQos(chance: Chance): Qos {
  return oneOf(chance, ['fire', 'confirm', 'commit'] as const);
}

function param(chance: Chance): Address {
  return at('/p', wholeNumber(chance, 0, 9));
}

function lockable(chance: Chance): Address {
  return at('/lock', wholeNumber(chance, 0, 2));
}

function at(folder: string, number: number): Address {
  return parseAddress(`${folder}/${number}`);
}
