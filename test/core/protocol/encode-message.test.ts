import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src-main/contract/errors.ts';
import { bundleDepthMax } from '../../../src-main/core/protocol/limits.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { carried, encoded } from './coding.ts';

describe('encoding messages', () => {
  it('[PR8] nests bundles to the cap and no deeper', () => {
    expect(carried(nested(bundleDepthMax))).toEqual(nested(bundleDepthMax));
    expect(() => encoded(nested(bundleDepthMax + 1))).toThrow(LimitError);
  });

  it('[PR9] refuses a bundle of more messages than can be counted or carried', () => {
    const ping: Message = { type: messageType.ping };
    expect(() => encoded({ type: messageType.bundle, messages: new Array<Message>(65_536).fill(ping) })).toThrow(
      LimitError,
    );
    expect(() => encoded({ type: messageType.bundle, messages: new Array<Message>(30_000).fill(ping) })).toThrow(
      LimitError,
    );
    expect(encoded({ type: messageType.bundle, messages: [ping, ping] })).toBe('3000000200014100' + '0141');
  });
});

function nested(depth: number): Message {
  let message: Message = { type: messageType.ping };
  for (let i = 0; i < depth; i++) message = { type: messageType.bundle, messages: [message] };
  return message;
}
