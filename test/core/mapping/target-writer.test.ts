import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, toJson, type Signal } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import type { MappingCause } from '../../../src-main/core/mapping/mapping-session.ts';
import { TargetWriter } from '../../../src-main/core/mapping/target-writer.ts';
import { errorNumber, type Refusal } from '../../../src-main/core/router/requests/refusal.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { ValueTable } from '../../../src-main/core/router/state/value-table.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { PassWatcher } from '../../../src-main/core/router/exchange.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function bench() {
  const clock = new SimulatedClock();
  const params = new ValueTable(routerLimits);
  const address = parseAddress('/lamp');
  params.write({ address, value: WireValue.of(f64(0)), writer: 'phone', at: clock.nowMicros(), lock: true });
  const causes: MappingCause[] = [];
  const resent: string[] = [];
  let hear: PassWatcher = () => undefined;
  const answer: { refusal: Refusal | undefined } = { refusal: undefined };
  const writer = new TargetWriter({
    params,
    session: {
      publish: (_, cause) => {
        causes.push(cause);
        return answer.refusal;
      },
    },
    name: 'mappings',
    watchPasses: (run) => (hear = run),
    onUnlock: (target, { mappingId, source, passed, movedAt }) => {
      const value = passed && JSON.stringify(toJson(passed.value));
      resent.push(`${target} ${mappingId} ${source} ${value} ${movedAt - start}`);
    },
  });
  const start = clock.nowMicros();
  const past = { hops: 2, arrivedAt: start, movedAt: start, spent: { passes: 3 } };
  const send = (value: number, movedAt = 0, source: Partial<Signal> = {}) => {
    const sent: Signal = { kind: 'param', address, value: f64(value) };
    const moved = { ...past, movedAt: micros(start + movedAt) };
    const from = { kind: 'stream', address: parseAddress('/desk'), value: f64(value), ...source } as Signal;
    return writer.send({ mappingId: 'm1', number: 4, source: from, sent, past: moved });
  };
  return {
    writer,
    send,
    answer,
    causes,
    resent,
    clock,
    past,
    params,
    address,
    start,
    hear: (from: string) => hear(address, from, clock.nowMicros()),
  };
}

const locked: Refusal = { code: errorNumber.lockHeld, message: '' };

describe('what mappings send', () => {
  it('[MP20] says why it is sent, and whose the target is from then on', () => {
    const { writer, send, causes, past, address } = bench();
    expect(send(1)).toBeUndefined();
    expect(causes).toEqual([{ ...past, because: 'set 4', hops: 3, mappingId: 'm1' }]);
    expect(writer.owners.of(address)).toEqual({ mappingId: 'm1', movedAt: past.movedAt, isKept: true });
  });

  it('[MP42] is no longer the newest when somebody else has sent there', () => {
    const { writer, send, address, hear, start } = bench();
    send(1, -5);
    hear('mappings');
    expect(writer.owners.of(address)?.mappingId).toBe('m1');
    hear('phone');
    expect(writer.owners.of(address)).toEqual({ mappingId: undefined, movedAt: start, isKept: false });
  });

  it('[MP47] waits for the lock with what was moved last, and only when a lock was the reason', () => {
    const { send, answer, resent, params, address, writer } = bench();
    answer.refusal = locked;
    expect([send(1, 1), send(2, 3), send(3, 2)]).toEqual([locked, locked, locked]);
    expect(writer.owners.of(address)).toBeUndefined();
    params.releaseLocks('phone', [address]);
    expect(resent).toEqual(['/lamp m1 /desk 2 3']);

    const other = bench();
    other.answer.refusal = { code: errorNumber.limitReached, message: '' };
    other.send(1);
    other.params.releaseLocks('phone', [other.address]);
    expect(other.resent).toEqual([]);
  });

  it('[MP47] does not come again when something was sent since', () => {
    const { send, answer, resent, params, address } = bench();
    answer.refusal = locked;
    send(1);
    answer.refusal = undefined;
    send(2);
    params.releaseLocks('phone', [address]);
    expect(resent).toEqual([]);
  });

  it('[MP47] keeps nothing of a param, which the router has, nor of a lock that its holder ends by setting it', () => {
    const { send, answer, resent, params, address, start } = bench();
    answer.refusal = locked;
    const desk = parseAddress('/desk');
    params.write({ address: desk, value: WireValue.of(f64(1)), writer: 'desk', at: micros(start + 1) });
    send(1, 1, { kind: 'param' });
    params.releaseLocks('phone', [address]);
    expect(resent).toEqual(['/lamp m1 /desk undefined 1']);

    const lock = { address, value: WireValue.of(f64(0)), writer: 'phone', at: micros(start) };
    params.write({ ...lock, lock: true });
    send(1, 2);
    params.write({ ...lock, unlock: true });
    params.write({ ...lock, lock: true });
    params.releaseLocks('phone', [address]);
    expect(resent).toHaveLength(1);
  });

  it('[MP47] is bounded in bytes, however large each value is', () => {
    const { send, answer, resent, params, clock, writer, past } = bench();
    answer.refusal = locked;
    const large = { type: 'bytes', value: new Uint8Array(60_000) } as const;
    const targets = Array.from({ length: 100 }, (_, i) => parseAddress(`/lamp/${i}`));
    for (const target of targets) {
      params.write({
        address: target,
        value: WireValue.of(f64(0)),
        writer: 'phone',
        at: clock.nowMicros(),
        lock: true,
      });
      const sent: Signal = { kind: 'param', address: target, value: large };
      const source: Signal = { kind: 'stream', address: parseAddress('/desk'), value: large };
      for (let again = 0; again < 3; again++) writer.send({ mappingId: 'm1', number: 4, source, sent, past });
    }
    params.releaseLocks('phone', targets);
    expect(resent).toHaveLength(Math.floor((1024 * 1024) / 60_003));
    send(1);
    params.releaseLocks('phone', [parseAddress('/lamp')]);
    expect(resent.at(-1)).toContain('/lamp m1 /desk 1');
  });
});
