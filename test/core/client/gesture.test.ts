import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { address } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const pad = address('/pad');

describe('a gesture', () => {
  it('[CC40] has an id of its own; start and end are confirmed, moves are fired', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router, { random: { fraction: () => 0.999_999_999_9, uuid: () => 'r' } });
    const [one, two] = [client.gesture(pad), client.gesture(pad)];
    expect([one.id, two.id]).toEqual([0xffff_ffff, 0]);
    for (const asked of [one.start(f64(1)), one.move(f64(2)), one.end(), two.start(), two.cancel()]) {
      asked.catch(() => undefined);
    }
    await router.settle();
    expect(router.takeOnly(messageType.publish).map(({ qos, message }) => [message.phase, message.id, qos])).toEqual([
      ['start', one.id, 'confirm'],
      ['move', one.id, 'fire'],
      ['end', one.id, 'confirm'],
      ['start', two.id, 'confirm'],
      ['cancel', two.id, 'confirm'],
    ]);
  });

  it('[CC40] that is out of turn is refused and not sent', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const gesture = client.gesture(pad);
    const refused = { code: 'bad-arguments' };
    expect(await outcomeOf(router, gesture.move(f64(1)))).toMatchObject(refused);
    expect(await outcomeOf(router, gesture.end())).toMatchObject(refused);
    gesture.start().catch(() => undefined);
    expect(await outcomeOf(router, gesture.start())).toMatchObject(refused);
    gesture.end().catch(() => undefined);
    expect(await outcomeOf(router, gesture.move(f64(1)))).toMatchObject(refused);
    expect(await outcomeOf(router, gesture.cancel())).toMatchObject(refused);
    expect(router.take()).toHaveLength(2);
  });
});
