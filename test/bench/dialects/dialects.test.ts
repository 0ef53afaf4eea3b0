import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { claspDialect, subscribeFrame } from './clasp-dialect.ts';
import { mqttDialect } from './mqtt-dialect.ts';
import { natsDialect } from './nats-dialect.ts';

/** @see RFC 6455 5.2, for short messages */
function unmasked(frame: Uint8Array): Uint8Array {
  expect([...frame.slice(0, 2)]).toEqual([0x82, 0x80 | (frame.length - 6)]);
  return frame.slice(6).map((byte, index) => byte ^ (frame[2 + (index & 3)] ?? 0));
}

describe("the bench's clients", () => {
  it('[BN8] speak CLASP in masked WebSocket frames', () => {
    const { message } = decodeFrame(unmasked(claspDialect.publish('/bench/level', 0.5)));
    expect(message).toMatchObject({ kind: 'stream', address: '/bench/level' });
    const subscribed = decodeFrame(unmasked(subscribeFrame('/bench/**', 7, { maxRate: 10 })));
    expect(subscribed.message).toMatchObject({ id: 7, pattern: '/bench/**', options: { maxRate: 10 } });
    expect(claspDialect.ping.until).toEqual(Buffer.from('820553010001' + '42', 'hex'));
  });

  it('[BN8] speak NATS, with its subjects and wildcards', () => {
    expect(Buffer.from(natsDialect.subscribe('/bench/*/level', 100)).toString()).toBe('SUB bench.*.level 100\r\n');
    expect(Buffer.from(natsDialect.subscribe('/bench/**', 1)).toString()).toBe('SUB bench.> 1\r\n');
    const published = Buffer.from(natsDialect.publish('/bench/level', 0.5));
    expect(published.toString('latin1')).toBe('PUB bench.level 8\r\n\x3f\xe0\0\0\0\0\0\0\r\n');
  });

  it('[BN8] speak MQTT, with its topics, wildcards, retain flag and packet ids', () => {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    expect(hex(mqttDialect.subscribe('/a/*/**', 0x102))).toBe('820a01020005' + hex(Buffer.from('a/+/#')) + '00');
    expect(hex(mqttDialect.publish('/a', 0.5))).toBe('300b0001613fe0000000000000');
    expect(hex(mqttDialect.set('/a', 0.5, 0x102))).toBe('320d00016101023fe0000000000000');
    expect(hex(mqttDialect.keep('/a', 0.5))).toBe('310b0001613fe0000000000000');
    expect(hex(mqttDialect.publish(`/${'a'.repeat(130)}`, 0)).slice(0, 6)).toBe('308c01');
  });
});
