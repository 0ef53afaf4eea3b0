import type { Value } from '../../src-main/contract/signal.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { RawSession } from '../integration/raw-session.ts';
import { freePort } from '../free-port.ts';
import { readyPage } from './desktop.ts';
import { expect, test } from './electron.ts';

interface RawLink {
  send(message: unknown): void;
  onMessage(run: (message: Record<string, unknown>) => void): void;
}

test('[DS11] i64, bytes and maps cross the link intact, both ways', async ({ launch }) => {
  const port = await freePort();
  const app = await launch({ args: [`--port=${port}`] });
  const page = await readyPage(app);
  const session = await RawSession.join(`ws://127.0.0.1:${port}/clasp`);
  // From here on this test has the page's link for itself.
  const seen = page.evaluate(async () => {
    const { link } = (window as unknown as { flyrail: { link: RawLink } }).flyrail;
    const words: string[] = [];
    const say = (value: unknown): string => {
      if (value instanceof Uint8Array) return `bytes ${[...value].join(' ')}`;
      if (typeof value === 'bigint') return `bigint ${value}`;
      if (Array.isArray(value)) return `[${value.map(say).join(', ')}]`;
      if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
      return `{${Object.entries(value)
        .map(([key, inner]) => `${key}: ${say(inner)}`)
        .join(', ')}}`;
    };
    return new Promise<string[]>((resolve) => {
      link.onMessage(({ t, i, e, m, a }) => {
        if (t === 's' && i === 'odd') words.push(`refused ${(e as { message: string }).message}`);
        if (t === 's' && i === 'watch') document.title = 'watching';
        if (t === 'q' && m === 'event') {
          link.send({ t: 's', i, r: undefined });
          const [name, payload] = a as [string, { entries?: { address: string; value: unknown }[] }];
          if (name === 'monitor')
            for (const { address, value } of payload.entries ?? []) words.push(`${address} ${say(value)}`);
        }
        if (words.length >= 4) resolve(words.toSorted());
      });
      link.send({ t: 'q', i: 'odd', m: 12345678901234567890n, a: [] });
      link.send({ t: 'q', i: 'watch', m: 'watchMonitor', a: [{ pattern: '/test/**' }] });
    });
  });
  await expect(page).toHaveTitle('watching');
  const set = (name: string, value: Value): void => {
    session.send({ type: messageType.set, address: `/test/${name}`, value: WireValue.of(value) });
  };
  set('large', { type: 'i64', value: 9007199254740993n });
  set('bytes', { type: 'bytes', value: new Uint8Array([0, 127, 255]) });
  set('map', {
    type: 'map',
    value: [
      ['z', { type: 'f32', value: 1.5 }],
      ['a', { type: 'map', value: [['deep', { type: 'string', value: 'x' }]] }],
    ],
  });
  const words = await seen;
  session.webSocket.close();
  expect(words).toEqual([
    '/test/bytes {type: string bytes, value: bytes 0 127 255}',
    '/test/large {type: string i64, value: bigint 9007199254740993}',
    '/test/map {type: string map, value: [[string z, {type: string f32, value: number 1.5}], [string a, {type: string map, value: [[string deep, {type: string string, value: string x}]]}]]}',
    'refused The engine has no command 12345678901234567890.',
  ]);
});
