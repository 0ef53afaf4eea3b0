import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { AnnouncedSignals } from '../../../../src-main/core/router/state/announced-signals.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { RecentSignals } from '../../../../src-main/core/router/memory/recent-signals.ts';
import { createResultSource } from '../../../../src-main/core/router/requests/result-source.ts';
import { ValueTable } from '../../../../src-main/core/router/state/value-table.ts';
import { pattern } from '../router-fixture.ts';

describe('RESULT of a large QUERY', () => {
  it('[RT21] comes in frames that the wire can carry', () => {
    const announced = new AnnouncedSignals({
      announcedMax: 10_000,
      announcedBytesMax: 10_000_000,
      announcedPatternsMax: 10,
    });
    announced.announce(
      's',
      Array.from({ length: 3000 }, (_, i) => ({
        address: `/größe/${i}`,
        kind: 'event' as const,
        datatype: 'x'.repeat(50),
        access: 'rw',
      })),
    );
    const source = createResultSource({
      announced,
      table: new ValueTable(routerLimits),
      timelines: [],
      recent: new RecentSignals(routerLimits, 0),
      pattern: pattern('/**'),
      frameBytesMax: 10_000,
      scanPerTurnMax: 1_000_000,
    });
    const seen: string[] = [];
    for (let frame = source.next(); frame !== undefined && frame !== 'later'; frame = source.next()) {
      expect(frame.bytes.length).toBeLessThanOrEqual(10_000);
      const { message } = decodeFrame(frame.bytes);
      if (message.type === messageType.result) seen.push(...message.signals.map(({ address }) => address));
    }
    expect(seen).toEqual(Array.from({ length: 3000 }, (_, i) => `/größe/${i}`));
  });
});
