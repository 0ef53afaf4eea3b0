import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Box, LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** One guest of the web door: how it says a number, and what it hears of the others. */
interface Guest {
  readonly into: Tally;
  readonly out: Tally;
  say(n: number): void;
}

/** Clients of the web door's three services: `fetch` with an event stream, the npm packages ws and socket.io-client. */
export function planWebDoor(): Promise<LanePlan> {
  return Promise.resolve({
    id: 'web-door',
    flags: ['--transport', 'http=0,prefix=/web'],
    begin: async (box) => {
      const { url = '' } = box.ready.transports.find(({ name }) => name === 'http') ?? {};
      const origin = new URL(url).origin;
      const guests = {
        rest: await openRest(origin, box),
        ws: await openWs(origin, box),
        sio: await openSio(origin, box),
      };
      for (const [name, { into }] of Object.entries(guests)) box.hear(`/web/${name}/in`, (n) => into.came(n));
      return {
        tallies: Object.values(guests).flatMap(({ into, out }) => [into, out]),
        perSecond: 20,
        turn: (n) => {
          for (const [name, guest] of Object.entries(guests)) {
            guest.say(n);
            guest.out.sent(n);
            box.client.emit(`/web/${name}/out`, n);
          }
        },
      };
    },
  });
}

async function openRest(origin: string, { onEnd }: Box): Promise<Guest> {
  const [into, out] = talliesOf('REST and events');
  const leaving = new AbortController();
  const stream = await fetch(`${origin}/api/events?pattern=/rest/out`, { signal: leaving.signal });
  onEnd(() => leaving.abort());
  void readEvents(stream, (n) => out.came(n));
  return {
    into,
    out,
    say: (n) => {
      into.sending(n);
      const init = { method: 'POST', body: String(n), headers: { 'content-type': 'application/json' } };
      fetch(`${origin}/api/signals/rest/in`, init).then(
        ({ ok }) => ok && into.taken(n),
        () => undefined,
      );
    },
  };
}

/** [HTML 9.2] lines of `data:`, a message behind an empty one. */
async function readEvents({ body }: Response, run: (n: number) => void): Promise<void> {
  let held = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      const lines = (held + decoder.decode(chunk, { stream: true })).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data:')) continue;
        const { value } = JSON.parse(line.slice(5)) as { readonly value?: number };
        if (value !== undefined) run(value);
      }
    }
  } catch {
    // The box is emptied.
  }
}

async function openWs(origin: string, { onEnd }: Box): Promise<Guest> {
  const [into, out] = talliesOf('WebSocket door');
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`);
  await new Promise((resolve) => socket.once('open', resolve));
  onEnd(() => socket.terminate());
  socket.on('message', (data: Buffer) => {
    const { type, id, value } = JSON.parse(data.toString()) as { type: string; id?: number; value?: number };
    if (type === 'ack' && id !== undefined) into.taken(id);
    else if (type === 'signal' && value !== undefined) out.came(value);
  });
  const say = (message: object): void => socket.send(JSON.stringify(message));
  say({ type: 'subscribe', pattern: '/ws/out' });
  return {
    into,
    out,
    say: (n) => {
      into.sending(n);
      say({ type: 'emit', id: n, address: '/ws/in', value: n });
    },
  };
}

async function openSio(origin: string, { onEnd }: Box): Promise<Guest> {
  const [into, out] = talliesOf('Socket.IO door');
  const socket = io(origin, { transports: ['websocket'] });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  onEnd(() => socket.disconnect());
  socket.on('signal', (_address: string, value: number) => out.came(value));
  socket.emit('subscribe', '/sio/out');
  return {
    into,
    out,
    say: (n) => {
      into.sending(n);
      socket.emit('emit', '/sio/in', n, ({ ok }: { readonly ok: boolean }) => ok && into.taken(n));
    },
  };
}

function talliesOf(name: string): readonly [into: Tally, out: Tally] {
  return [new Tally(`${name}, in`, 'every'), new Tally(`${name}, out`, 'every')];
}
