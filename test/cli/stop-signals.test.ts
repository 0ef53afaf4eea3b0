import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { waitForStop, type StopRequest } from '../../src-main/cli/stop-signals.ts';

const open: StopRequest[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.forget();
});

function wait(): StopRequest {
  const stopping = waitForStop();
  open.push(stopping);
  return stopping;
}

describe('the request to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '[CL20] comes by %s, and its first reason stays',
    async (signal) => {
      const stopping = wait();
      process.emit(signal, signal);
      process.emit('SIGTERM', 'SIGTERM');
      stopping.request('later');
      expect(await stopping.requested).toBe(signal);
    },
  );

  it('[CL20] comes from inside too', async () => {
    const stopping = wait();
    stopping.request('the desktop shell ends');
    expect(await stopping.requested).toBe('the desktop shell ends');
  });

  it('[CL20] gives the signals back when it is forgotten', () => {
    const before = process.listenerCount('SIGTERM');
    const stopping = wait();
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    stopping.forget();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
