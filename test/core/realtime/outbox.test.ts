import { describe, expect, it } from 'vitest';
import { inFlightMax, newestMax, Outbox, type Outcome } from '../../../src-main/core/realtime/outbox.ts';

interface Message {
  readonly key: string;
  readonly isKept: boolean;
  readonly value: number;
}

function outboxWith(queueMax: number) {
  const sent: { readonly message: Message; readonly done: (outcome: Outcome) => void }[] = [];
  const refused: [number, string][] = [];
  let isFull = false;
  const outbox = new Outbox<Message>({
    queueMax,
    isKept: (message) => message.isKept,
    keyOf: ({ key }) => key,
    send: (message, done) => void sent.push({ message, done }),
    isFull: () => isFull,
    onSent: () => undefined,
    onRefused: ({ value }, why) => refused.push([value, why]),
    words: { kept: 'too many wait', keys: 'too many keys' },
  });
  const put = (key: string, isKept: boolean, ...values: number[]): void =>
    values.forEach((value) => outbox.put({ key, isKept, value }));
  const values = (): number[] => sent.map(({ message }) => message.value);
  return { outbox, sent, refused, put, values, fill: (full: boolean) => (isFull = full) };
}

describe('what waits for a service', () => {
  it('[MQ13] what matters waits in its order, bounded, and of all else the newest of each key', () => {
    const { outbox, put, values, refused } = outboxWith(2);
    put('a', true, 1, 2, 3);
    put('b', false, 4, 5);
    expect([outbox.waiting, refused]).toEqual([3, [[1, 'too many wait']]]);
    outbox.open();
    expect([values(), outbox.waiting]).toEqual([[2, 3, 5], 0]);
  });

  it('[MQ13] no more is in flight than its bound, and what did not arrive goes back to its place', () => {
    const { outbox, put, sent, values } = outboxWith(100);
    outbox.open();
    put('a', true, ...Array.from({ length: inFlightMax + 2 }, (_, i) => i));
    expect(values()).toHaveLength(inFlightMax);
    outbox.close();
    const [first, second] = sent.splice(0);
    second?.done('again');
    first?.done('again');
    outbox.open();
    expect(values()).toEqual([0, 1]);
    sent[0]?.done('sent');
    expect(values()).toEqual([0, 1, inFlightMax]);
  });

  it('[MQ13] a connection that is full holds all back, and keys are bounded', () => {
    const { outbox, put, values, refused, fill } = outboxWith(1);
    outbox.open();
    fill(true);
    for (let i = 0; i <= newestMax; i++) put(`k${i}`, false, i);
    expect([values(), refused]).toEqual([[], [[0, 'too many keys']]]);
    fill(false);
    outbox.pump();
    expect(values()).toHaveLength(newestMax);
  });
});
