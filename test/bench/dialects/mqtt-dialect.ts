import { f64Bytes, type Dialect } from './dialect.ts';

const packet = { connect: 0x10, publish: 0x30, subscribe: 0x82, ping: 0xc0 } as const;
const publishFlag = { retain: 1, qos1: 2 } as const;

/** MQTT 3.1.1; subscriptions at QoS 0, so that each delivery is one packet and needs no answer. */
export const mqttDialect: Dialect = {
  greeting: () => [
    { send: framed(packet.connect, text('MQTT'), [4, 0x02, 0, 0], text('')), until: Buffer.from([0x20, 2, 0, 0]) },
  ],
  ping: { send: Buffer.from([packet.ping, 0]), until: Buffer.from([0xd0, 0]) },
  subscribe: (pattern, id) => framed(packet.subscribe, u16(id), text(topicOf(pattern)), [0]),
  publish: (address, value) => framed(packet.publish, text(topicOf(address)), f64Bytes(value)),
  set: (address, value, id) =>
    framed(packet.publish | publishFlag.qos1, text(topicOf(address)), u16(id), f64Bytes(value)),
  keep: (address, value) => framed(packet.publish | publishFlag.retain, text(topicOf(address)), f64Bytes(value)),
};

/** @param parts up to 16 383 bytes together [MQTT 3.1.1, 2.2.3] */
function framed(header: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const body = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  const size = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Uint8Array.from([header, ...size]), body]);
}

function text(content: string): Uint8Array {
  const bytes = Buffer.from(content);
  return Buffer.concat([Uint8Array.from(u16(bytes.length)), bytes]);
}

function u16(number: number): readonly number[] {
  return [number >> 8, number & 0xff];
}

function topicOf(address: string): string {
  return address.slice(1).replaceAll('**', '#').replaceAll('*', '+');
}
