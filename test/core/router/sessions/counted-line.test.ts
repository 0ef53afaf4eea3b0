import { describe, expect, it } from 'vitest';
import { CountedLine } from '../../../../src-main/core/router/sessions/counted-line.ts';
import { OwedFrames } from '../../../../src-main/core/router/sessions/owed-frames.ts';
import { SharedRoom } from '../../../../src-main/core/bounds/shared-room.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { WaitingLine } from '../../../../src-main/core/router/delivery/waiting-line.ts';
import { publish, set } from '../router-fixture.ts';

const limits = { outboxMessagesMax: 10, outboxBytesMax: 10_000 };

describe('the line of a session that counts', () => {
  it('[RT301] keeps what must arrive, also while it waits behind the past and when its peer has gone', () => {
    const sent: SharedFrame[] = [];
    const outbox = { add: (frame: SharedFrame) => void sent.push(frame), addFrom: () => undefined };
    const owed = new OwedFrames('count', { owedMax: 10, owedBytesMax: 10_000, room: new SharedRoom(10_000) });
    const plain = new WaitingLine({ limits, outbox, onOverflow: () => undefined });
    const line = new CountedLine({ line: plain, owed, bytesMax: 100 });
    const events = Array.from({ length: 3 }, () => new SharedFrame(publish('event', '/e')));
    const [first, second, third] = events;
    if (!first || !second || !third) throw new Error('There are three.');
    line.add(first);
    line.add(new SharedFrame(set('/p', 1)));
    let end: () => void = () => undefined;
    line.goFirst((done) => (end = done));
    line.add(second);
    expect([sent.length, owed.count]).toEqual([2, 2]);
    end();
    line.close();
    line.goFirst(() => undefined);
    line.add(third);
    line.add(new SharedFrame(publish('event', `/${'e'.repeat(100)}`)));
    expect([sent.length, owed.fitting(1000)]).toEqual([3, events]);
  });
});
