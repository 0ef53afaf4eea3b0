import { micros } from '../../src-main/contract/units.ts';
import { SignalJournal, signalJournalLimits } from '../../src-main/core/journal/signal-journal.ts';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import {
  messageType,
  type Message,
  type PublishMessage,
  type SetMessage,
} from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { silentLog } from '../silent-log.ts';

/** What `--journal full` costs the router's thread for each message, without the disk: `node test/bench/journal-packing.ts` */
const journal = new SignalJournal({
  store: {
    appendSignals: () => Promise.resolve({ setAside: null }),
    readSignals: () => Promise.reject(new Error('not in this bench')),
    pruneSignals: () => Promise.resolve(false),
  },
  keeps: 'all',
  clock: createSystemClock(),
  random: createSystemRandom(),
  log: silentLog,
  defer: setImmediate,
  limits: signalJournalLimits,
});
const count = 20_000;
const rounds = 101;
const value = WireValue.of({ type: 'f64', value: 0.5 });
const text = WireValue.of({ type: 'string', value: 'x'.repeat(200) });

await measure('SET f64', (i) => set(`/desk/fader/${i % 512}/level`, value.copy()));
await measure('SET of 200 bytes', (i) => set(`/desk/fader/${i % 512}/label`, text.copy()));
await measure('stream from the wire', (i) =>
  received({
    type: messageType.publish,
    kind: 'stream',
    address: `/phone/${i % 512}/tilt`,
    value,
    timestamp: BigInt(i),
  }),
);
await measure('stream with 16 samples', (i) =>
  received({
    type: messageType.publish,
    kind: 'stream',
    address: `/phone/${i % 512}/tilt`,
    samples: Array(16).fill(i),
    rate: 960,
  }),
);

function set(address: string, wire: WireValue): SetMessage {
  return { type: messageType.set, address, value: wire, revision: 1_000_000n };
}

function received(message: PublishMessage): PublishMessage {
  const decoded: Message = decodeFrame(encodeFrame(message)).message;
  return decoded.type === messageType.publish ? decoded : message;
}

async function measure(what: string, make: (index: number) => SetMessage | PublishMessage): Promise<void> {
  const messages = Array.from({ length: count }, (_, i) => make(i));
  const origin = { name: 'session', owner: journal, fromLocal: false, cause: undefined };
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      const message = messages[i];
      if (message) journal.record(message, origin, micros(1_700_000_000_000_000 + i));
    }
    took.push((performance.now() - start) / count);
    // Lets the batches go.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  took.sort((a, b) => a - b);
  const median = (took[rounds >> 1] ?? 0) * 1000;
  process.stdout.write(`${what}: ${median.toFixed(3)} µs a message, ${journal.lostTotal} left out\n`);
}
