import { describe, expect, it } from 'vitest';
import { createPortLink, type Port } from '../../src-main/platform/port-link.ts';

describe('a link over one of Electron’s ports', () => {
  it('[DS11] carries messages both ways, once somebody listens', () => {
    const port = fakePort();
    const link = createPortLink(port);
    const heard: unknown[] = [];
    port.arrive('early');
    expect(heard).toEqual([]);
    const cancel = link.onMessage((message) => heard.push(message));
    port.arrive(2n);
    cancel();
    port.arrive('late');
    link.send({ a: 1n });
    expect(heard).toEqual(['early', 2n]);
    expect(port.sent).toEqual([{ a: 1n }]);
  });

  it('[DS11] tells its end once, also to who asks late, and sends nothing after it', () => {
    const port = fakePort();
    const link = createPortLink(port);
    const ends: string[] = [];
    link.onClose(() => ends.push('first'));
    link.onClose(() => ends.push('cancelled'))();
    port.end();
    port.end();
    link.onClose(() => ends.push('late'));
    link.send('into nothing');
    expect(ends).toEqual(['first', 'late']);
    expect(port.sent).toEqual([]);
  });

  it('[DS11] tells its end when it is closed from here', () => {
    const port = fakePort();
    const link = createPortLink(port);
    let ends = 0;
    link.onClose(() => ends++);
    link.close();
    link.close();
    expect({ ends, closed: port.closed }).toEqual({ ends: 1, closed: 1 });
  });
});

/** Holds messages back until it is started, as Electron's does. */
function fakePort() {
  let started = false;
  let onMessage: (message: { readonly data: unknown }) => void = () => undefined;
  let onClose: () => void = () => undefined;
  const early: unknown[] = [];
  const port = {
    sent: [] as unknown[],
    closed: 0,
    on: (event: 'message' | 'close', run: typeof onMessage & typeof onClose) => {
      if (event === 'message') onMessage = run;
      else onClose = run;
    },
    start: () => {
      started = true;
      for (const data of early.splice(0)) onMessage({ data });
    },
    postMessage: (message: unknown) => port.sent.push(message),
    close: () => port.closed++,
    arrive: (data: unknown) => {
      if (started) onMessage({ data });
      else early.push(data);
    },
    end: () => {
      onClose();
    },
  };
  return port satisfies Port;
}
