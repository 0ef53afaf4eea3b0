import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../src-main/platform/certificate-maker.ts';
import { param } from '../../json-signals.ts';
import { joinDoor, newRouter, openAt } from './door-hall.ts';

/** A Nagle algorithm that is left on holds a message back for the other's delayed acknowledgement of the one before. */
const delayedAckMs = 40;

async function ownIdentity(): Promise<{ readonly cert: string; readonly key: string }> {
  const authority = await makeAuthority('Rig', Date.now());
  return makeServerCertificate(authority, ['127.0.0.1'], Date.now());
}

describe('an MQTT door', () => {
  it.each(['mqtt', 'mqtts'])(
    '[MQ38] sends a message at once, and not when the one before is acknowledged (%s)',
    async (scheme) => {
      const identity = scheme === 'mqtts' ? await ownIdentity() : undefined;
      const router = newRouter();
      const gateway = await openAt(router, { identity });
      const { client } = await joinDoor(gateway.url, { rejectUnauthorized: false });
      const gaps: number[] = [];
      let first = 0;
      client.on('message', (topic) => {
        if (topic === 'to/first') {
          first = performance.now();
          return;
        }
        gaps.push(performance.now() - first);
        // Linux delays what it acknowledges where there is talk both ways.
        client.publish('back', '1');
      });
      await client.subscribeAsync('to/#');
      const local = router.openLocal('desk');
      for (let n = 0; n < 31; n++) {
        local.publish([param('/to/first', n)]);
        await wait(2);
        local.publish([param('/to/second', n)]);
        await wait(delayedAckMs + 10);
      }
      await client.endAsync(true);
      await gateway.stop();
      expect(gaps.length).toBe(31);
      expect(gaps.toSorted((a, b) => a - b)[15]).toBeLessThan(delayedAckMs / 2);
    },
  );
});
