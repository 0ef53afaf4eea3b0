import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src-main/contract/errors.ts';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { canonical, LegacyFields } from '../../../src-main/core/protocol/legacy-fields.ts';

describe('legacy fields', () => {
  it('[PR15] are found in either spelling', () => {
    expect(['max_rate', 'correlation_id', 'loop_', 'start_time', 'maxRate', 'x'].map(canonical)).toEqual([
      'maxRate',
      'correlationId',
      'loop',
      'startTime',
      'maxRate',
      'x',
    ]);
  });

  it('[PR15] count as absent when nil, but a value may be nil', () => {
    const fields = new LegacyFields(fromJson({ value: null }));
    expect([fields.text('value'), fields.u64('value'), fields.list('value'), fields.map('value')]).toEqual([
      undefined,
      undefined,
      [],
      undefined,
    ]);
    expect(fields.value('value')?.value).toEqual({ type: 'null' });
    expect(fields.value('payload')).toBeUndefined();
  });

  it('[PR15] take a whole number that was packed as a float', () => {
    const fields = new LegacyFields(fromJson({ time: 1_700_000_000_000_000, half: 0.5, minus: -1, huge: 2 ** 60 }));
    expect(fields.u64('time')).toBe(1_700_000_000_000_000n);
    for (const name of ['half', 'minus', 'huge']) expect(() => fields.u64(name), name).toThrow(ProtocolError);
  });

  it('[PR15] refuse another type than the field has', () => {
    const fields = new LegacyFields(fromJson({ text: 'a', number: 1, list: [1] }));
    const wrong = [
      () => fields.u64('text'),
      () => fields.text('number'),
      () => fields.flag('text'),
      () => fields.list('text'),
      () => fields.texts('list'),
      () => fields.map('text'),
      () => fields.fields('text'),
      () => fields.float('text'),
      () => fields.neededText('missing'),
      () => fields.whole('number', 0),
      () => new LegacyFields(fromJson([])),
    ];
    for (const read of wrong) expect(read).toThrow(expect.objectContaining({ code: 'bad-message' }));
  });
});
