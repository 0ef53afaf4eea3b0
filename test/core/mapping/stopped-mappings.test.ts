import { describe, expect, it } from 'vitest';
import { mappingPassesMax } from '../../../src-main/core/mapping/mapping-session.ts';
import { StoppedMappings } from '../../../src-main/core/mapping/stopped-mappings.ts';
import { silentLog } from '../../silent-log.ts';

describe('mappings that were stopped', () => {
  it('[MP48] say why, with the number that holds, until they may run again', () => {
    const stopped = new StoppedMappings(silentLog);
    stopped.stop({ id: 'm3', number: 3 });
    expect([stopped.has('m3'), stopped.has('m4')]).toEqual([true, false]);
    const [problem] = stopped.problems();
    expect(problem).toMatchObject({ mappingId: 'm3', code: 'mapping-flood' });
    expect(problem?.reason.replaceAll('\u202f', '')).toContain(` ${mappingPassesMax} `);
    expect(stopped.release()).toEqual(['m3']);
    expect([stopped.has('m3'), stopped.problems()]).toEqual([false, []]);
  });
});
