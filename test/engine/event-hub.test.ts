import { describe, expect, it } from 'vitest';
import { createEventHub } from '../../src-main/engine/event-hub.ts';

const stopping = (reason: string) => ({ reason });

function bench() {
  const logged: unknown[] = [];
  return { logged, hub: createEventHub({ error: (message, fields) => logged.push([message, fields?.['event']]) }) };
}

describe('event hub', () => {
  it('[EA21] tells the others when a listener throws or rejects, logs it, and spares who told', async () => {
    const { hub, logged } = bench();
    const heard: string[] = [];
    hub.on('stopping', () => {
      throw new Error('broken');
    });
    hub.on('stopping', () => Promise.reject(new Error('broken later')));
    hub.on('stopping', ({ reason }) => heard.push(reason));
    hub.emit('stopping', stopping('a'));
    hub.emit('stopping', stopping('b'));
    await Promise.resolve();
    expect(heard).toEqual(['a', 'b']);
    expect(logged).toEqual(Array.from({ length: 4 }, () => ['a listener failed', 'stopping']));
  });

  it('[EA22] lets all hear one order, also of what a listener tells', () => {
    const { hub } = bench();
    const heard: string[] = [];
    hub.on('stopping', ({ reason }) => {
      if (reason === 'first') hub.emit('stopping', stopping('second'));
    });
    for (const name of ['one', 'two']) hub.on('stopping', ({ reason }) => heard.push(`${name} ${reason}`));
    hub.emit('stopping', stopping('first'));
    expect(heard).toEqual(['one first', 'two first', 'one second', 'two second']);
  });

  it('[EA22] tells nobody who has cancelled, not even within the same event', () => {
    const { hub } = bench();
    const heard: string[] = [];
    hub.on('stopping', () => {
      cancel();
    });
    const cancel = hub.on('stopping', ({ reason }) => heard.push(reason));
    hub.emit('stopping', stopping('a'));
    expect(heard).toEqual([]);
  });
});
