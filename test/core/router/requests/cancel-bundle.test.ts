import { describe, expect, it } from 'vitest';
import { f64, fromJson, text, type Value } from '../../../../src-main/contract/signal.ts';
import { cancelBundleAddress } from '../../../../src-main/core/protocol/correlation.ts';
import { messageType, type PublishMessage } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { answerCancelBundle } from '../../../../src-main/core/router/requests/cancel-bundle.ts';

function answerTo(value: Value | undefined) {
  const asked: (readonly [object, bigint])[] = [];
  const client = { name: 'client' };
  const context = {
    scheduled: {
      cancel: (owner: object, id: bigint) => {
        asked.push([owner, id]);
        return undefined;
      },
    },
  };
  const message: PublishMessage = {
    type: messageType.publish,
    kind: 'event',
    address: cancelBundleAddress,
    ...(value && { value: WireValue.of(value) }),
  };
  const who = { session: { client }, request: { qos: 'confirm', id: 1n } };
  const refusal = answerCancelBundle(context as never, who as never, message);
  return { refusal, asked, client };
}

describe('cancelling a bundle', () => {
  it.each<[string, Value, bigint]>([
    ['an i64', { type: 'i64', value: 2n ** 60n }, 2n ** 60n],
    ['a whole f64', f64(7), 7n],
  ])('[RT133] takes %s as the id of one of the same client, and says when there is none', (_, value, id) => {
    const { refusal, asked, client } = answerTo(value);
    expect(asked).toEqual([[client, id]]);
    expect(refusal).toMatchObject({ code: 201, address: cancelBundleAddress });
  });

  it.each([undefined, f64(1.5), f64(-1), f64(2 ** 60), text('7'), fromJson([7])])(
    '[RT133] refuses %j as an id',
    (value) => {
      const { refusal, asked } = answerTo(value);
      expect([refusal?.code, asked.length]).toEqual([402, 0]);
    },
  );
});
