import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../../src-main/contract/address.ts';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { oneOf, seededChance, wholeNumber } from '../../../seeded-chance.ts';
import { openRest, problemIn } from './rest-rig.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const pieces = [
  '/',
  '%',
  '%2f',
  '%00',
  '%ff',
  '%C3%BC',
  '..',
  '.',
  '*',
  '**',
  ' ',
  '?',
  '&',
  '=',
  '#',
  'a',
  'signals',
  'events',
  '\u00fc',
  '"',
  '{',
  '[',
  ':',
];
const bodies = [
  '{',
  '}',
  '[',
  ']',
  '"',
  'value',
  ':',
  ',',
  '1',
  '-',
  'e9',
  'null',
  'true',
  '\\u0000',
  '\\ud800',
  '$bytes',
  '\u00ff',
  '\u0000',
];
const types = [
  'application/json',
  'text/plain',
  'application/octet-stream',
  '',
  'a/b',
  'text/plain;charset=\u00e9',
  ';;;',
];

describe('hostile requests at a web door', () => {
  it('[HR15] random paths, bodies and types are answered or refused, and harm nobody', async () => {
    const seed = Math.trunc(performance.timeOrigin) % 2 ** 31;
    console.log(`rest fuzz: seed ${seed}`);
    const chance = seededChance(seed);
    const some = (from: readonly string[], most: number): string =>
      Array.from({ length: wholeNumber(chance, 0, most) }, () => oneOf(chance, from)).join('');
    const { to, gateway, router } = await openRest();
    ends.push(() => gateway.stop());
    const { port } = new URL(gateway.url);
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1500; i++) {
      const method = oneOf(chance, ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'BREW']);
      const body = some(bodies, 12);
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      const lines = [
        `${method} /api/${some(pieces, 8).replaceAll(' ', '%20')} HTTP/1.1`,
        'Host: 127.0.0.1',
        'Connection: close',
      ];
      lines.push(`Content-Type: ${oneOf(chance, types)}`, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`);
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
      let answer = '';
      // A stream of events has no end of its own.
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
        if (answer.includes('text/event-stream')) socket.destroy();
      });
      await once(socket, 'close');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(status, `seed ${seed}, ${lines.join(' | ')} ${JSON.stringify(body)}`).toBeLessThan(500);
    }
    console.log('rest fuzz:', Object.fromEntries(statuses));
    expect((await to('/api/signals/after', { method: 'PUT', body: '1' })).status).toBe(204);
    expect(router.get('/after' as Address)).toEqual(f64(1));
    expect(problemIn(await to('/api/signals/never'))).toBe('404 unknown-address');
  });
});
