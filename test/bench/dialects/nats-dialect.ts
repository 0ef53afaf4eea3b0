import { f64Bytes, type Dialect } from './dialect.ts';

/** NATS, client protocol 1: `SUB subject sid`, `PUB subject size`. */
export const natsDialect: Dialect = {
  greeting: () => [
    { send: new Uint8Array(), until: Buffer.from('\r\n') },
    {
      send: Buffer.from('CONNECT {"verbose":false,"pedantic":false,"lang":"bench","version":"1"}\r\nPING\r\n'),
      until: Buffer.from('PONG\r\n'),
    },
  ],
  ping: { send: Buffer.from('PING\r\n'), until: Buffer.from('PONG\r\n') },
  subscribe: (pattern, id) => Buffer.from(`SUB ${subjectOf(pattern)} ${id}\r\n`),
  publish: publishFrame,
  set: publishFrame,
  keep: publishFrame,
};

function publishFrame(address: string, value: number): Uint8Array {
  return Buffer.concat([Buffer.from(`PUB ${subjectOf(address)} 8\r\n`), f64Bytes(value), Buffer.from('\r\n')]);
}

/** A pattern keeps its single stars; two of them at the end are `>`. */
function subjectOf(address: string): string {
  return address.slice(1).replaceAll('**', '>').replaceAll('/', '.');
}
