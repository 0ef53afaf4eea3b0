import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { f64, fromJson, toJson } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { encodeTimeline } from '../../src-main/core/timeline/timeline-carrier.ts';
import type { Timeline } from '../../src-main/core/timeline/timeline.ts';
import { valueAt } from '../../src-main/core/timeline/value-at.ts';
import { until } from '../until.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { openClaspPort, type ClaspPort } from './clasp-port.ts';
import { connectClient } from './quiet-client.ts';
import { RawSession } from './raw-session.ts';

const address = '/stage/dimmer';
const lengthMs = 500;
/** From its start 0 up to 1, and down to a value that no rounding would give. */
const fade: Timeline = {
  keyframes: [
    { time: micros(0), value: f64(0), easing: 'ease-in' },
    { time: micros(300_000), value: f64(1), easing: 'linear' },
    { time: micros(lengthMs * 1000), value: f64(0.123456789), easing: 'linear' },
  ],
  loop: false,
};
/** from a value back to its time, found between two whole ones */
const roundingMicros = 1;
const rise = [0, 300_000] as const;
const fall = [300_000, lengthMs * 1000] as const;

/** Over real sockets and the machine's clock. */
describe('a timeline between clients', () => {
  let port: ClaspPort;
  const raw: RawSession[] = [];

  beforeEach(async () => {
    port = await openClaspPort();
  });
  afterEach(async () => {
    for (const session of raw.splice(0)) session.webSocket.terminate();
    await port.stop();
  });

  it('[RT129] moves the param that the official client subscribed to along the curve, to its exact end', async () => {
    const [listener, sender] = [await connectClient(port.url), await RawSession.join(port.url)];
    raw.push(sender);
    const heard: unknown[] = [];
    listener.on(address, (value) => heard.push(value));
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    // The router's own times, since a busy machine hands values over late.
    const written: { at: number; value: unknown }[] = [];
    port.router.tap(({ signal, at }) => {
      if (signal.kind === 'param') written.push({ at, value: toJson(signal.value) });
    });
    // Said, since a machine may be held up between the arrival of a timeline and the notice of it.
    const startTime = micros(createSystemClock().nowMicros() + 50_000);
    const value = WireValue.of(encodeTimeline({ ...fade, startTime }));
    sender.send({ type: messageType.publish, kind: 'timeline', address, value });
    await until('the end', () => heard.at(-1) === 0.123456789);

    const [put, ...values] = heard;
    expect(put).toMatchObject({ loop: false });
    expect(values).toEqual(written.map(({ value }) => value));
    expect(values.length).toBeGreaterThan(3);
    // A machine that is held up writes late; never early, and never back on the curve.
    const top = values.indexOf(Math.max(...values.map(Number)));
    const passed = values.map((value, index) => timeOf(Number(value), index > top ? fall : rise));
    expect(passed).toEqual(passed.toSorted((one, other) => one - other));
    for (const [index, { at }] of written.entries()) {
      expect(passed[index]).toBeLessThanOrEqual(at - startTime + roundingMicros);
    }
    expect(toJson(port.router.get(parseAddress(address)) ?? f64(Number.NaN))).toBe(0.123456789);
    expect(await (await connectClient(port.url)).get(address)).toBe(0.123456789);
  });

  it('[RT129] that the official client sends comes without keyframes, and is refused with what to send instead', async () => {
    const client = await connectClient(port.url);
    client.timeline(address, [{ time: 0, value: 1 }]);
    await until('the ERROR', () => client.getLastError() !== null);
    expect(client.getLastError()).toMatchObject({ code: 402, address });
    expect(client.getLastError()?.message).toContain('keyframes');
    const sender = await RawSession.join(port.url);
    raw.push(sender);
    sender.send({ type: messageType.publish, kind: 'timeline', address, value: WireValue.of(fromJson({ keyframes: [{ time: 0, value: 1 }] })) }); // prettier-ignore
    await until('the value', () => port.router.get(parseAddress(address)) !== undefined);
    expect(await client.get(address)).toBe(1);
  });
});

/** @returns when the curve passes a value within a part of it that only rises or only falls, in microseconds */
function timeOf(value: number, [from, to]: readonly [number, number]): number {
  const ascends = valueOf(to) > valueOf(from);
  let [early, late] = [from, to];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (valueOf(middle) < value === ascends) early = middle;
    else late = middle;
  }
  return late;
}

function valueOf(at: number): number {
  return Number(toJson(valueAt(fade, micros(at))));
}
