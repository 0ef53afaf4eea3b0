import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { formatNeverArrived } from '../../../src-main/core/protocol/arrivals.ts';
import { formatLeftOut } from '../../../src-main/core/protocol/left-out.ts';
import { formatLocked } from '../../../src-main/core/protocol/lock-answers.ts';
import { refusalError } from '../../../src-main/core/client/refusal-error.ts';
import { address } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const a = address('/a');

describe('a refusal', () => {
  it('[CC15] an ERROR rejects with a code by who must act, and its number', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const cases = [
      [200, 'bad-address'],
      [201, 'unknown-address'],
      [202, 'bad-pattern'],
      [101, 'peer-refused'],
      [300, 'access-refused'],
      [399, 'access-refused'],
      [400, 'changed-meanwhile'],
      [401, 'param-locked'],
      [402, 'bad-value'],
      [403, 'access-refused'],
      [429, 'rate-exceeded'],
      [500, 'peer-failed'],
      [503, 'peer-failed'],
    ] as const;
    for (const [number, code] of cases) {
      const asked = client.set(a, f64(1));
      await router.settle();
      const [heard] = router.take();
      router.error(heard!, number);
      expect(await outcomeOf(router, asked)).toMatchObject({ code, message: `no: ${number}`, details: { number } });
    }
    expect(client.state().phase).toBe('open');
  });

  it('[CC160] what is locked is refused with who has the lock, where the router says it', () => {
    const told = (message: string) => refusalError({ code: 401, message, address: a }).details;
    expect(told(formatLocked('another'))).toEqual({ number: 401, address: a, holder: 'another' });
    expect(told('Locked.')).toEqual({ number: 401, address: a });
  });

  it('[CC60] a notice that we read too slowly counts what we did not get', () => {
    const leftOut = { samples: 12, moves: 0, values: 3 };
    const told = refusalError({ code: 503, message: formatLeftOut(leftOut) });
    expect(told.details).toEqual({ number: 503, ...leftOut });
    expect(refusalError({ code: 500, message: formatLeftOut(leftOut) }).details).toEqual({ number: 500 });
  });

  it('[CL102] a notice that something never arrived says how much, or that nobody knows', () => {
    const told = (count: number | undefined) => refusalError({ code: 503, message: formatNeverArrived(count) }).details;
    expect([told(7), told(undefined)]).toEqual([
      { number: 503, neverArrived: 7 },
      { number: 503, neverArrived: 'unknown' },
    ]);
  });
});
