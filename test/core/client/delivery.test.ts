import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64, type Signal } from '../../../src-main/contract/signal.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import type { Acknowledgement } from '../../../src-main/core/client/acknowledgement.ts';
import { correlationOf } from '../../../src-main/core/protocol/correlation.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type AckMessage, type Message, type Qos } from '../../../src-main/core/protocol/messages.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { seededChance } from '../../seeded-chance.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { silentLog } from '../../silent-log.ts';
import { address } from './addresses.ts';
import { LossyEnd } from './lossy-link.ts';
import { welcomeAt } from './scripted-router.ts';

interface Applied {
  readonly value: number;
  readonly qos: Qos;
}

/** Does what is asked once for each resume secret and id, and answers as often as it is asked. */
class OnceRouter {
  readonly applied: Applied[] = [];
  readonly #answers = new Map<string, AckMessage>();

  accept(connection: Connection, now: () => number): void {
    let resume = '';
    const send = (message: Message, timestamp?: bigint): void =>
      void connection.send(encodeFrame(message, { ...(timestamp !== undefined && { timestamp }) }));
    connection.onFrame((placed) => {
      const frame = decodeFrame(bytesOfFrame(placed).slice());
      if (frame.message.type === messageType.hello) {
        resume = frame.message.resume ?? '';
        send(welcomeAt(BigInt(now())), frame.timestamp);
      } else if (frame.message.type === messageType.set || frame.message.type === messageType.publish) {
        this.#do(frame, resume, send);
      }
    });
  }

  #do({ message, qos, timestamp }: Frame, resume: string, send: (message: Message) => void): void {
    const key = `${resume} ${timestamp}`;
    let answer = timestamp === undefined ? undefined : this.#answers.get(key);
    if (!answer && (message.type === messageType.set || message.type === messageType.publish)) {
      const value = message.value?.value.type === 'f64' ? message.value.value.value : NaN;
      this.applied.push({ value, qos });
      answer = { type: messageType.ack, revision: BigInt(value), correlationId: correlationOf(timestamp ?? 0n) };
      this.#answers.set(key, answer);
    }
    if (answer && timestamp !== undefined) send(answer);
  }
}

interface Run {
  readonly seed: number;
  readonly loss: number;
  readonly repeat: number;
  readonly isLossy: boolean;
  readonly cuts: number;
  readonly steps: readonly Qos[];
}

const runs: fc.Arbitrary<Run> = fc.record({
  seed: fc.nat(),
  loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
  repeat: fc.double({ min: 0, max: 0.5, noNaN: true }),
  isLossy: fc.boolean(),
  cuts: fc.nat({ max: 4 }),
  steps: fc.array(fc.constantFrom<Qos>('fire', 'confirm', 'commit'), { minLength: 1, maxLength: 30 }),
});

async function play(run: Run): Promise<{ router: OnceRouter; outcomes: PromiseSettledResult<Acknowledgement>[] }> {
  const clock = new SimulatedClock();
  const chance = seededChance(run.seed);
  const router = new OnceRouter();
  let open: Connection | undefined;
  const dial = (): Promise<Connection> => {
    const link = { clock, chance, loss: run.loss, repeat: run.repeat, delayMs: 300 };
    const [near, far] = run.isLossy ? LossyEnd.pair(link) : MemoryConnection.pair('link');
    open = far;
    router.accept(far, () => clock.nowMicros());
    return Promise.resolve(near);
  };
  const client = createClaspClient({
    dial,
    clock,
    random: { fraction: chance, uuid: () => `resume ${run.seed}` },
    log: silentLog,
    name: 'tester',
    limits: { requestTimeoutMs: 3_600_000 as never },
  });
  client.connect();
  const promises: Promise<Acknowledgement>[] = [];
  const cutAfter = new Set(Array.from({ length: run.cuts }, () => Math.floor(chance() * run.steps.length)));
  for (const [value, qos] of run.steps.entries()) {
    const signal: Signal = {
      kind: value % 2 === 0 ? 'param' : 'event',
      address: address(`/${value}`),
      value: f64(value),
    };
    promises.push(client.publish(signal, { qos }));
    await clock.advanceAsync(chance() * 300);
    if (cutAfter.has(value)) open?.close('cut');
  }
  await clock.advanceAsync(600_000);
  const { queued } = client.stats();
  client.close();
  // A frame that is on its way outlives the client.
  await clock.advanceAsync(1000);
  expect([queued, clock.waiting]).toEqual([0, 0]);
  return { router, outcomes: await Promise.allSettled(promises) };
}

describe('delivery', () => {
  it('[CC22] over any link, confirm and commit are done exactly once by a router that knows ids, and commits in order', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const { router, outcomes } = await play(run);
        const valuesOf = (qos: Qos): number[] => router.applied.flatMap((one) => (one.qos === qos ? [one.value] : []));
        const asked = (qos: Qos): number[] => run.steps.flatMap((step, value) => (step === qos ? [value] : []));
        expect(valuesOf('commit')).toEqual(asked('commit'));
        expect(valuesOf('confirm').sort((x, y) => x - y)).toEqual(asked('confirm'));
        if (!run.isLossy) expect(new Set(valuesOf('fire')).size).toBe(valuesOf('fire').length);
        for (const [value, outcome] of outcomes.entries()) {
          const acknowledged = run.steps[value] !== 'fire';
          const expected = acknowledged ? { acknowledged, revision: BigInt(value) } : { acknowledged };
          expect(outcome).toEqual({ status: 'fulfilled', value: expected });
        }
      }),
      { numRuns: 60 },
    );
  });
});
