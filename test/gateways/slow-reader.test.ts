import { describe, expect, it } from 'vitest';
import { SharedRoom } from '../../src-main/core/bounds/shared-room.ts';
import {
  SlowReader,
  unwrittenMax,
  waitingBytesMax,
  waitingMax,
  type Shipment,
} from '../../src-main/gateways/slow-reader.ts';

function rig(room = new SharedRoom(1e9)) {
  const written: string[] = [];
  const drains: (() => void)[] = [];
  const state = { unwritten: 0, shed: 0 };
  const reader = new SlowReader<string>({
    unwrittenBytes: () => state.unwritten,
    write: (item) => void written.push(item),
    onDrain: (run) => void drains.push(run),
    onShed: () => state.shed++,
    room,
  });
  const send = (item: string, more: Partial<Shipment<string>> = {}): void =>
    reader.send({ item, key: item.split('=')[0] ?? '', isOnce: false, sizeBytes: item.length, ...more });
  const drain = (): void => drains.splice(0).forEach((run) => run());
  return { written, state, reader, send, drain, drains };
}

describe('a client that reads slowly', () => {
  it('[WB6] gets everything in order while it reads', () => {
    const { written, send, state } = rig();
    for (const item of ['a=1', 'a=2', 'b=1']) send(item);
    expect([written, state.shed]).toEqual([['a=1', 'a=2', 'b=1'], 0]);
  });

  it('[WB6] gets the newest of each address once it reads again, and no event that is late', () => {
    const { written, send, state, drain, drains } = rig();
    state.unwritten = unwrittenMax + 1;
    for (const item of ['a=1', 'b=1', 'a=2']) send(item);
    send('go', { isOnce: true });
    expect([written, state.shed, drains.length]).toEqual([[], 2, 1]);
    drain();
    expect([written, drains.length]).toEqual([[], 1]);
    state.unwritten = 0;
    drain();
    expect(written).toEqual(['a=2', 'b=1']);
    send('c=1');
    expect(written).toHaveLength(3);
  });

  it('[WB6] is answered behind what waited for it, and before what came then', () => {
    const { written, state, reader, send, drain } = rig();
    reader.behind(() => written.push('first'));
    state.unwritten = unwrittenMax + 1;
    send('a=1');
    reader.behind(() => written.push('answer'));
    for (const item of ['b=1', 'a=2']) send(item);
    expect(written).toEqual(['first']);
    state.unwritten = 0;
    drain();
    expect(written).toEqual(['first', 'a=2', 'answer', 'b=1']);
    state.unwritten = unwrittenMax + 1;
    send('c=1');
    reader.behind(() => written.push('never'));
    reader.close();
    drain();
    reader.behind(() => written.push('never'));
    expect(written).toHaveLength(4);
  });

  it('[WB6] waits in bounds of addresses and bytes', () => {
    const { send, state } = rig();
    state.unwritten = unwrittenMax + 1;
    for (let i = 0; i < waitingMax; i++) send(`${i}=`);
    expect(state.shed).toBe(0);
    send('more=1');
    expect(state.shed).toBe(1);
    send('0=large', { sizeBytes: waitingBytesMax });
    expect(state.shed).toBe(2);
  });

  it('[WB10] shares the room of its door with the others, and gives it back', () => {
    const room = new SharedRoom(100);
    const [first, second] = [rig(room), rig(room)];
    for (const { state } of [first, second]) state.unwritten = unwrittenMax + 1;
    first.send('a=1', { sizeBytes: 60 });
    second.send('a=1', { sizeBytes: 45 });
    expect(room.taken).toBe(105);
    first.send('b=1', { sizeBytes: 1 });
    expect([first.state.shed, second.state.shed]).toEqual([1, 0]);
    second.send('b=1', { sizeBytes: 5 });
    expect(second.state.shed).toBe(0);
    first.send('a=2', { sizeBytes: 10 });
    first.state.unwritten = 0;
    first.drain();
    expect(first.written).toEqual(['a=2']);
    second.reader.close();
    expect(room.taken).toBe(0);
  });

  it('[WB6] nothing is written to who has gone', () => {
    const { written, send, state, drain, reader } = rig();
    state.unwritten = unwrittenMax + 1;
    send('a=1');
    reader.close();
    state.unwritten = 0;
    drain();
    send('b=1');
    expect(written).toEqual([]);
  });
});
