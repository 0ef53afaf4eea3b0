import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src-main/contract/errors.ts';
import { messageType, type PublishMessage } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded, encoded } from './coding.ts';

const publish: PublishMessage = { type: messageType.publish, kind: 'stream', address: '/v' };

describe('PUBLISH', () => {
  it('[PR13] reads an unknown signal code as event and an unknown phase as start', () => {
    expect(decoded('20e000022f7600')).toMatchObject({ kind: 'event' });
    expect(decoded('206700022f7600')).toMatchObject({ kind: 'gesture', phase: 'start' });
  });

  it('[PR13] gives a phase to gestures only', () => {
    expect(decoded('204100022f7600')).not.toHaveProperty('phase');
  });

  it('[PR12] reads a rate where four bytes are left', () => {
    expect(carried({ ...publish, rate: 60 })).toEqual({ ...publish, rate: 60 });
    expect(decoded(`${encoded(publish)}00003c`)).toEqual(publish);
    expect(decoded(`${encoded({ ...publish, id: 1, timestamp: 2n })}0000003c`)).toEqual({
      ...publish,
      id: 1,
      timestamp: 2n,
      rate: 60,
    });
  });

  it('[PR12] tells no samples from none given', () => {
    expect(carried({ ...publish, samples: [] })).toEqual({ ...publish, samples: [] });
    expect(carried(publish)).toEqual(publish);
  });

  it('[PR10] refuses a content it does not know', () => {
    expect(() => decoded('204000022f7603')).toThrow(expect.objectContaining({ code: 'bad-message' }));
  });

  it('[PR9] refuses more samples than a frame carries', () => {
    expect(() => encoded({ ...publish, samples: new Array<number>(9000).fill(0) })).toThrow(LimitError);
    expect(() => encoded({ ...publish, samples: new Array<number>(70_000).fill(0) })).toThrow(LimitError);
  });
});
