import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, integer, nullValue, type Signal } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { liveOf } from '../../../src-main/core/mapping/live-report.ts';

const signal: Signal = { kind: 'stream', address: parseAddress('/in'), value: nullValue, samples: [1, 2] };
const made: Signal = { kind: 'param', address: parseAddress('/out'), value: integer(2) };
const times = { arrivedAt: micros(5_000), now: micros(5_250) };

describe('what a row shows', () => {
  it('[MP34] is the last sample that came, what the target has, and how long it took', () => {
    const live = liveOf({
      mapping: { id: 'm1' },
      signal,
      targetAddress: made.address,
      target: made.value,
      refused: null,
      ...times,
    });
    expect(live).toEqual({
      mappingId: 'm1',
      source: f64(2),
      target: integer(2),
      refused: null,
      sourceAddress: '/in',
      targetAddress: '/out',
      kind: 'stream',
      at: 5.25,
      count: 1,
      latencyMicros: 250,
    });
  });

  it('[MP24] has no target address when none came out, and never a negative time', () => {
    const times = { arrivedAt: micros(9), now: micros(5) };
    const live = liveOf({
      mapping: { id: 'm1' },
      signal,
      targetAddress: undefined,
      target: null,
      refused: null,
      ...times,
    });
    expect(live).toMatchObject({ target: null, targetAddress: null, latencyMicros: 0 });
  });
});
