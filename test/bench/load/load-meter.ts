import { useOf } from '../targets/process-use.ts';

/** What a stretch of load took. */
export interface MeterReading {
  readonly wallSeconds: number;
  /** of the server */
  readonly cpuSeconds: number;
  /** parts of one core that server and load used, 0..1 and more: a load near 1 may have been the limit */
  readonly serverShare: number;
  readonly loadShare: number;
}

/** Begins to measure; the call that it returns ends it.
 *  @param pid the server's, 0 for none */
export function startMeter(pid: number): () => MeterReading {
  const cpuSecondsNow = (): number => (pid === 0 ? 0 : useOf(pid).cpuSeconds);
  const before = { at: performance.now(), cpuSeconds: cpuSecondsNow(), load: process.cpuUsage() };
  return () => {
    const wallSeconds = (performance.now() - before.at) / 1000;
    const cpuSeconds = cpuSecondsNow() - before.cpuSeconds;
    const { user, system } = process.cpuUsage(before.load);
    return {
      wallSeconds,
      cpuSeconds,
      serverShare: cpuSeconds / wallSeconds,
      loadShare: (user + system) / 1e6 / wallSeconds,
    };
  };
}
