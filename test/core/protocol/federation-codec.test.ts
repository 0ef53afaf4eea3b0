import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { carried, decoded } from './coding.ts';

describe('FEDERATION_SYNC', () => {
  it('[PR12] carries an operation it does not know', () => {
    const sync = { type: messageType.federationSync, operation: 9, patterns: [], revisions: [] };
    expect(carried(sync)).toEqual(sync);
  });

  it('[PR7] refuses counts of patterns and revisions that are not there', () => {
    expect(() => decoded('0401ffff0000')).toThrow(expect.objectContaining({ code: 'bad-length' }));
    expect(() => decoded('04010000ffff0000')).toThrow(expect.objectContaining({ code: 'bad-length' }));
  });
});
