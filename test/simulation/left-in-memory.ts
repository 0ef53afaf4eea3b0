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

const kinds = [Session, Outbox, SessionGate, OwedFrames, ClientSession];
const count = (): number => kinds.reduce((sum, kind) => sum + queryObjects(kind, { format: 'count' }), 0);

let [during, after] = [0, -1];
const { observed } = await simulate(makeScenario(Number(workerData)), {
  onFull: () => (during = count()),
  onEmpty: () => (after = count()),
});
parentPort?.postMessage({ joined: observed['joined'] ?? 0, during, after } satisfies LeftInMemory);
