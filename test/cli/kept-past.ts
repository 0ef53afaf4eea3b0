import { setImmediate } from 'node:timers';
import { afterEach } from 'vitest';
import { ByteWriter } from '../../src-main/core/protocol/byte-writer.ts';
import { writeMessage } from '../../src-main/core/protocol/encode-message.ts';
import { frameBytesMax } from '../../src-main/core/protocol/limits.ts';
import type { PublishMessage, SetMessage } from '../../src-main/core/protocol/messages.ts';
import { keepsNothing } from '../../src-main/core/router/keeper.ts';
import type { History, HistoryQuery, PastSignals } from '../../src-main/core/router/memory/history.ts';
import { createRouter } from '../../src-main/core/router/router.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { silentLog } from '../silent-log.ts';
import { openPort, type OpenPort } from '../transports/websocket/websocket-fixture.ts';

export interface KeptSignal {
  readonly message: SetMessage | PublishMessage;
  /** µs */
  readonly at: number;
}

export interface KeptPast {
  readonly url: string;
  readonly asked: readonly HistoryQuery[];
}

/** given at a time: a frame's worth of what tests keep */
const pageMax = 50;

const open = new Set<OpenPort>();
afterEach(async () => {
  for (const port of open) await port.stop();
  open.clear();
});

/** A router on loopback that has kept these, whatever they are asked by; without any it keeps nothing. */
export async function openKeptPast(kept?: readonly KeptSignal[]): Promise<KeptPast> {
  const asked: HistoryQuery[] = [];
  const router = createRouter({
    clock: createSystemClock(),
    random: createSystemRandom(),
    log: silentLog,
    defer: setImmediate,
    name: 'test',
  });
  const history: History = {
    open: (query) => {
      asked.push(query);
      const found = (kept ?? []).filter(({ at }) => at >= query.from && at <= query.to).slice(0, query.limit);
      return { next: () => Promise.resolve(found.length === 0 ? undefined : packed(found.splice(0, pageMax))) };
    },
  };
  if (kept) router.keepWith({ ...keepsNothing, history });
  const port = await openPort({}, (connection) => router.accept(connection));
  open.add(port);
  return { url: port.url, asked };
}

function packed(signals: readonly KeptSignal[]): PastSignals {
  const writer = new ByteWriter(frameBytesMax);
  const ends: number[] = [];
  for (const { message } of signals) {
    writeMessage(writer, message);
    ends.push(writer.length);
  }
  return { bytes: writer.copy(), ends: Uint32Array.from(ends), times: Float64Array.from(signals, ({ at }) => at) };
}
