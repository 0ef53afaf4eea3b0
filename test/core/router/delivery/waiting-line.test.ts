import { describe, expect, it } from 'vitest';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { WaitingLine } from '../../../../src-main/core/router/delivery/waiting-line.ts';
import { publish } from '../router-fixture.ts';

function rig(outboxMessagesMax = 100, outboxBytesMax = 10_000) {
  const sent: string[] = [];
  const overflows: string[] = [];
  const line = new WaitingLine({
    limits: { outboxMessagesMax, outboxBytesMax },
    outbox: { add: ({ address }) => void sent.push(address), addFrom: () => void sent.push('source') },
    onOverflow: (reason) => void overflows.push(reason),
  });
  const ends: (() => void)[] = [];
  const first = (name: string): void =>
    line.goFirst((done) => {
      sent.push(name);
      ends.push(done);
    });
  const say = (address: string) => line.add(new SharedFrame(publish('event', address)));
  const end = (): void => ends.shift()?.();
  return { line, sent, overflows, first, say, end };
}

describe('what waits for a session', () => {
  it('[RT164] waits for nothing that is there at once', () => {
    const { line, sent, say } = rig();
    line.goFirst((done) => {
      sent.push('task');
      done();
    });
    say('/1');
    expect(sent).toEqual(['task', '/1']);
  });

  it('[RT164] goes at once while nothing has to go before it, else behind it, in its order, one task after the other', () => {
    const { line, sent, first, say, end } = rig();
    say('/1');
    first('task');
    say('/2');
    line.addFrom({ next: () => undefined });
    first('next task');
    say('/3');
    expect(sent).toEqual(['/1', 'task']);
    end();
    expect(sent).toEqual(['/1', 'task', '/2', 'source', 'next task']);
    say('/4');
    end();
    say('/5');
    expect(sent.slice(5)).toEqual(['/3', '/4', '/5']);
  });

  it('[RT165] is bounded; then nothing is sent any more, and neither is it after the end', () => {
    const { line, sent, overflows, first, say, end } = rig(2);
    first('task');
    for (const address of ['/1', '/2', '/3', '/4']) say(address);
    expect(overflows).toHaveLength(1);
    end();
    expect(sent).toEqual(['task']);
    const other = rig();
    other.first('task');
    other.say('/1');
    other.line.close();
    other.end();
    expect(other.sent).toEqual(['task']);
    line.close();
  });

  it('[RT287] counts what goes on waiting behind the next one too', () => {
    const { overflows, first, say, end } = rig(100, 100);
    first('task');
    first('next task');
    for (const address of ['/1', '/2', '/3']) say(address);
    end();
    expect(overflows).toEqual([]);
    for (const address of ['/4', '/5', '/6']) say(address);
    expect(overflows).toHaveLength(1);
  });
});
