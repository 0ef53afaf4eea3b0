import { queryObjects } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { ClientSession } from '../../src-main/core/client/client-session.ts';
import { Outbox } from '../../src-main/core/router/delivery/outbox.ts';
import { OwedFrames } from '../../src-main/core/router/sessions/owed-frames.ts';
import { SessionGate } from '../../src-main/core/router/sessions/session-gate.ts';
import { Session } from '../../src-main/core/router/sessions/session.ts';
import { makeScenario } from './make-scenario.ts';
import { simulate } from './simulate.ts';

/** What the thread tells of one seed. */
export interface LeftInMemory {
  /** sessions that clients had over the time */
  readonly joined: number;
  /** objects of sessions while everyone was there, and when all had left */
  readonly during: number;
  readonly after: number;
}

/** What all that is counted inherits from: each question to the heap takes half a second, so that one is asked for all. */
class Counted {
  readonly isCounted = true;
}
const kinds = [Session, Outbox, SessionGate, OwedFrames, ClientSession];
for (const { prototype } of kinds) Object.setPrototypeOf(prototype, Counted.prototype);
/** Without the prototypes themselves, which inherit from it too. */
const count = (): number => queryObjects(Counted, { format: 'count' }) - kinds.length;

let [during, after] = [0, -1];
const { observed } = await simulate(makeScenario(Number(workerData)), {
  onFull: () => (during = count()),
  onEmpty: () => (after = count()),
});
parentPort?.postMessage({ joined: observed['joined'] ?? 0, during, after } satisfies LeftInMemory);
