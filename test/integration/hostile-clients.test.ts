import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { until } from '../until.ts';
import { Arena, countBy, tokens } from './hostile/arena.ts';
import { badTexts, deepFrames, malformedFrames, oversizedFrames, rawSet } from './hostile/bad-frames.ts';
import { Intruder, wires } from './hostile/intruder.ts';
import { rawHttp, smuggledRequests, statusesIn, trickRequests } from './hostile/raw-http.ts';
import { signedRegistration } from './hostile/signed-request.ts';
import { SlowPeers } from './hostile/slow-peers.ts';
import { throwFrames } from './hostile/throw-frames.ts';
import { askingAt, cursedMessages, cursedNames, trickAddresses } from './hostile/wrong-scope.ts';

const seed = 20_261_122;
const value = WireValue.of({ type: 'f64', value: 666 });

describe('hostile clients of the built product', { timeout: 60_000 }, () => {
  let arena: Arena;
  let before: string;
  beforeEach(async () => {
    arena = await Arena.open();
    before = await arena.stateHash();
  }, 30_000);

  /** Nothing that anybody tried had an effect, and everybody is still served. */
  async function settle(): Promise<void> {
    process.stdout.write(`\n${arena.print()}\nseed ${seed}\n`);
    expect(arena.table.filter(({ effects }) => effects !== 0)).toEqual([]);
    expect(await arena.stateHash()).toBe(before);
    await arena.stillServes();
    expect(arena.flyrail.stderr()).not.toMatch(/"level":"error"|Uncaught|TypeError/);
    expect((await arena.flyrail.stop()).code).toBe(0);
  }

  it('[HC1] [HC2] [HC3] malformed, oversized and deep frames over every wire', async () => {
    for (const wire of wires) {
      const frames = [...malformedFrames(seed), ...badTexts()];
      const malformed = await throwFrames(arena, {
        family: 'malformed',
        wire,
        token: tokens.blind,
        frames,
        isBroken: true,
      });
      expect(malformed['100'] ?? 0, wire).toBeGreaterThan(50);
      const oversized = {
        family: 'oversized',
        wire,
        token: tokens.admin,
        frames: oversizedFrames(wire === 'quic'),
        isBroken: true,
      };
      expect(Object.keys(await throwFrames(arena, oversized)), wire).not.toEqual([]);
      const deep = await throwFrames(arena, {
        family: 'deep',
        wire,
        token: tokens.admin,
        frames: deepFrames(),
        isBroken: true,
      });
      expect((deep['100'] ?? 0) + (deep['101'] ?? 0), wire).toBeGreaterThan(3);
    }
    await settle();
  });

  it('[HC4] slow peers are let go of, and hold up nobody', async () => {
    const slow = new SlowPeers(arena.ready, 5);
    try {
      await arena.stillServes();
      await until('the slow ones to be let go of', () => slow.open === 0, 40_000).catch((error: unknown) => {
        throw new Error(`still open: ${slow.stillOpen}`, { cause: error });
      });
      const { length: tried } = slow.kinds;
      await arena.note({ family: 'slow', wire: 'all', tried, refused: {}, ended: tried });
    } finally {
      slow.end();
    }
    await settle();
  });

  it('[HC5] what was recorded is of no use to others', async () => {
    for (const wire of wires) {
      const set = encodeFrame({ type: messageType.set, address: '/base/level', value }).slice();
      const hello = (token?: string): Uint8Array =>
        encodeFrame(
          {
            type: messageType.hello,
            version: 1,
            name: 'again',
            features: [],
            resume: 'their-secret',
            ...(token !== undefined && { token }),
          },
          { timestamp: 1n },
        ).slice();
      const theirs = await Intruder.join(arena.way(wire), { token: tokens.admin, resume: 'their-secret' });
      theirs.end();
      const codes: number[] = [];
      let ended = 0;
      for (const token of [undefined, 'a-token-that-was-revoked-long-ago', tokens.mine]) {
        const thief = await Intruder.connect(arena.way(wire));
        thief.throw(hello(token));
        for (let i = 0; i < 5; i++) thief.throw(set);
        await until(`an answer over ${wire}`, () => thief.errors().length > 0 || thief.isClosed);
        codes.push(...thief.errors());
        if (thief.isClosed) ended++;
        thief.end();
      }
      expect(codes, wire).toContain(301);
      await arena.note({ family: 'replayed', wire, tried: 18, refused: countBy(codes), ended });
    }
    const at = arena.ready.rendezvous?.url ?? '';
    const request = { ...signedRegistration('desk'), method: 'POST' };
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await fetch(`${at}/api/v1/register`, request)).status);
    expect(statuses).toEqual([201, 401, 401, 401, 401]);
    await arena.note({
      family: 'replayed',
      wire: 'rendezvous',
      tried: 4,
      refused: countBy(statuses.slice(1)),
      ended: 0,
    });
    await settle();
  });

  it('[HC6] [HC12] a flood is cut to its rate while others get all of theirs in order, and memory is bounded', async () => {
    const memory = await memoryOf(arena);
    const other = await Intruder.join(arena.way('ws'), { token: tokens.mine });
    for (const wire of wires) {
      const flooder = await Intruder.join(arena.way(wire), { token: tokens.flood });
      const count = 10_000;
      for (let i = 0; i < count; i++) {
        flooder.say({ type: messageType.publish, kind: 'event', address: '/flood/x', value });
        if (i % 1000 === 999) {
          other.say({ type: messageType.set, address: `/mine/${wire}`, value });
          await other.settled();
        }
      }
      await flooder.settled();
      const heard = arena.witness.received.filter((each) => 'address' in each && each.address === '/flood/x').length;
      expect(heard, wire).toBeLessThanOrEqual(50 + 60);
      expect(heard, wire).toBeGreaterThan(0);
      await arena.note({ family: 'flood', wire, tried: count, refused: countBy(flooder.errors()), ended: 0 });
      flooder.end();
    }
    expect(other.count(messageType.ack)).toBe(10 * wires.length);
    expect(other.errors()).toEqual([]);
    expect(await memoryOf(arena)).toBeLessThan(memory + 200e6);
    await settle();
  });

  it('[HC7] [HC8] [HC9] [HC11] wrong scopes, cursed names and tricky addresses over every wire; no token is told', async () => {
    for (const wire of wires) {
      const wrong = askingAt('/b').map((each) => encodeFrame(each).slice());
      const refused = await throwFrames(arena, { family: 'wrong scope', wire, token: tokens.mine, frames: wrong });
      expect(refused['301'] ?? 0, wire).toBeGreaterThan(80);
      const frames = cursedMessages().map((each) => encodeFrame(each).slice());
      await throwFrames(arena, { family: 'cursed names', wire, token: tokens.mine, frames });
      const paths = trickAddresses.map(rawSet);
      const tricked = await throwFrames(arena, { family: 'path tricks', wire, token: tokens.mine, frames: paths });
      expect(Object.keys(tricked), wire).not.toEqual([]);
    }
    for (const [file, text] of [
      ...filesOf(arena),
      ['output', arena.flyrail.stdout() + arena.flyrail.stderr()],
    ] as const)
      for (const token of Object.values(tokens)) expect(text.includes(token), file).toBe(false);
    const ui = new URL(arena.ready.ui?.url ?? '').origin;
    const metrics = await (await fetch(`${ui}/metrics`)).text();
    for (const token of Object.values(tokens)) expect(metrics).not.toContain(token);
    await settle();
  });

  it('[HC8] [HC9] [HC10] paths, names and smuggled requests over HTTP', async () => {
    const ui = new URL(arena.ready.ui?.url ?? '');
    const rendezvous = new URL(arena.ready.rendezvous?.url ?? '');
    const clasp = new URL(arena.ready.clasp.url);
    for (const [wire, url, path] of [
      ['ui', ui, '/metrics'],
      ['rendezvous', rendezvous, '/api/v1/discover'],
      ['ws port', clasp, '/clasp'],
    ] as const) {
      const requests = trickRequests(url.host, path);
      const answers = await Promise.all(requests.map((each) => rawHttp(url.href, each)));
      for (const [i, answer] of answers.entries()) {
        expect(answer, requests[i]).not.toMatch(
          /root:|"devDependencies"|101 Switching|access-control-allow-origin: http/i,
        );
        if (/evil\.example\r\n/.test(requests[i] ?? '')) expect(answer, requests[i]).not.toContain('flyrail_router');
      }
      const refused = countBy(answers.flatMap(statusesIn));
      await arena.note({ family: 'http paths', wire, tried: requests.length, refused, ended: 0 });
      const smuggled = smuggledRequests(url.host, wire === 'rendezvous' ? '/api/v1/register' : path);
      const replies = await Promise.all(smuggled.map((each) => rawHttp(url.href, each)));
      const statuses = countBy(replies.flatMap(statusesIn));
      for (const [i, reply] of replies.entries()) {
        const taken = statusesIn(reply).filter((code) => code.startsWith('2'));
        // The port for WebSockets says 200 to whatever is HTTP, once.
        expect(taken.length, smuggled[i]?.slice(0, 120)).toBeLessThanOrEqual(wire === 'ws port' ? 1 : 0);
      }
      await arena.note({ family: 'smuggled', wire, tried: smuggled.length, refused: statuses, ended: 0 });
    }
    const statuses: number[] = [];
    for (const name of cursedNames) {
      const body = `{"name":"n","endpoints":{"ws":"ws://10.0.0.1:1/clasp"},"${name}":{"polluted":true},"metadata":{"${name}":{"polluted":true}}}`;
      statuses.push((await fetch(`${rendezvous.origin}/api/v1/register`, { method: 'POST', body })).status);
    }
    await arena.note({
      family: 'cursed names',
      wire: 'rendezvous',
      tried: cursedNames.length,
      refused: countBy(statuses),
      ended: 0,
    });
    const list = await (await fetch(`${rendezvous.origin}/api/v1/discover`)).text();
    expect(list).not.toContain('smuggled');
    expect(list).not.toMatch(/"(__proto__|constructor|prototype)":/);
    await settle();
  });
});

function filesOf({ data }: Arena): readonly (readonly [string, string])[] {
  const names = readdirSync(data).filter((name) => /\.(jsonl|json|log)$/.test(name));
  return names.map((name) => [name, readFileSync(join(data, name), 'latin1')] as const);
}

async function memoryOf({ ready }: Arena): Promise<number> {
  const text = await (await fetch(`${new URL(ready.ui?.url ?? '').origin}/metrics`)).text();
  const bytes = /^process_resident_memory_bytes (\S+)/m.exec(text)?.[1];
  expect(bytes).toBeDefined();
  return Number(bytes);
}
