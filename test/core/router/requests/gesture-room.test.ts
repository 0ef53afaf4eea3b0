import { describe, expect, it } from 'vitest';
import { gesturesPerOwnerMax } from '../../../../src-main/core/gesture/active-gestures.ts';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { gesture, RouterFixture, set, subscribe } from '../router-fixture.ts';

async function rig(...first: Message[]) {
  const fixture = new RouterFixture();
  const [hand, eye] = [await fixture.join(), await fixture.join()];
  eye.send(subscribe('/**'));
  hand.send(...first);
  await fixture.settle();
  eye.take();
  return { fixture, hand, eye };
}

const starts = Array.from({ length: gesturesPerOwnerMax }, (_, id) => gesture('start', 0, id));

describe('room for gestures', () => {
  it('[RT285] is refused to a start and to a move that begins one; what goes on or ends is not', async () => {
    const { fixture, hand, eye } = await rig(...starts);
    hand.send(gesture('start', 1, 900), gesture('move', 2, 901), gesture('move', 3, 5), gesture('end', 4, 902));
    await fixture.settle();
    expect(hand.take()).toMatchObject([{ code: 429, address: '/touch' }, { code: 429 }]);
    expect(eye.take()).toMatchObject([
      { phase: 'move', id: 5 },
      { phase: 'end', id: 902 },
    ]);
  });

  it('[RT285] bounds a BUNDLE too, as a whole: whatever began is cancelled when its owner leaves', async () => {
    const { fixture, hand, eye } = await rig(...starts.slice(1));
    hand.send({
      type: messageType.bundle,
      messages: [set('/a', 1), gesture('start', 1, 900), gesture('start', 1, 901)],
    });
    await fixture.settle();
    expect(hand.take()).toMatchObject([{ code: 429 }]);
    expect(eye.take()).toEqual([]);
    hand.send({
      type: messageType.bundle,
      messages: [gesture('end', 1, 7), gesture('start', 1, 900), gesture('start', 1, 901)],
    });
    await fixture.settle();
    expect(hand.take()).toMatchObject([{ type: messageType.ack }]);
    eye.take();
    hand.connection.close('gone');
    await fixture.settle();
    expect(eye.take().filter((message) => 'phase' in message && message.phase === 'cancel')).toHaveLength(256);
  });
});
