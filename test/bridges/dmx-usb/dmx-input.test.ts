import { afterEach, describe, expect, it } from 'vitest';
import { toJson } from '../../../src-main/contract/signal.ts';
import type { DeskInput, DmxDesk } from '../../../src-main/ports/dmx-desk.ts';
import { DmxScene } from './dmx-scene.ts';

describe('a DMX USB bridge at the desk', () => {
  it('[DU22] tells what it hears, and sends what the desk makes of the levels', async () => {
    const inputs = new Map<string, DeskInput>();
    const finish = (_: number, asked: Readonly<Uint8Array>): Uint8Array =>
      Uint8Array.from(asked, (level) => level >> 1);
    const desk: DmxDesk = {
      join: () => ({ finish, reach: (universe) => [universe], wanted: () => [], leave: () => undefined }),
      hear: (bridgeId, input) => {
        inputs.set(bridgeId, input);
        return () => inputs.delete(bridgeId);
      },
    };
    const [input, output] = [new DmxScene({ direction: 'in', universe: 3 }, desk), new DmxScene({}, desk)];
    for (const scene of [input, output]) {
      scene.plugIn();
      await scene.start();
    }
    const said = inputs.get('dmx1');
    expect([said?.universes(), said?.heard(3)]).toEqual([[], undefined]);
    input.widget.say(5, [0, 0, 1, 200]);
    expect(said?.universes()).toEqual([3]);
    expect([said?.heard(4), said?.heard(3)?.levels[1], said?.heard(3)?.winnerOf(2)]).toEqual([undefined, 200, 0]);
    expect(said?.heard(3)?.sources).toMatchObject([{ name: 'DMX USB Pro 12345678', priority: null }]);
    output.set(1, 200);
    await output.pass(100);
    expect(output.widget.frames.at(-1)?.bytes[1]).toBe(100);
    for (const scene of [input, output]) await scene.bridge.stop();
    expect(inputs.size).toBe(0);
  });
});

describe('a DMX USB Pro that listens', () => {
  const scenes: DmxScene[] = [];
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.bridge.stop();
  });
  async function listening(some: ConstructorParameters<typeof DmxScene>[0] = {}): Promise<DmxScene> {
    const scene = new DmxScene({ direction: 'in', universe: 3, ...some });
    scenes.push(scene);
    scene.plugIn();
    await scene.start();
    return scene;
  }
  const heard = (s: DmxScene): [string, unknown][] =>
    s.host.published.splice(0).map(({ address, value }) => [address, toJson(value)]);

  it('[DU11] publishes the slots of the first frame, and then those that change', async () => {
    const s = await listening();
    expect(s.widget.asked.at(-1)).toEqual({ label: 8, data: [0] });
    s.widget.say(5, [0, 0, 1, 2, 3]);
    expect(heard(s)).toEqual([
      ['/dmx/3/1', 1],
      ['/dmx/3/2', 2],
      ['/dmx/3/3', 3],
    ]);
    s.widget.say(5, [0, 0, 1, 2, 3]);
    s.widget.say(5, [0, 0, 1, 255, 3, 4]);
    expect(heard(s)).toEqual([
      ['/dmx/3/2', 255],
      ['/dmx/3/4', 4],
    ]);
    expect(s.bridge.status()).toMatchObject({ state: 'connected', inTotal: 3, outTotal: 0 });
  });

  it('[DU11] publishes whole universes where it is set so', async () => {
    const s = await listening({ publish: 'frames' });
    s.widget.say(5, [0, 0, 9, 8]);
    const [[address, levels] = ['', []]] = heard(s);
    expect(address).toBe('/dmx/3/1');
    expect(levels).toEqual([9, 8, ...Array.from({ length: 510 }, () => 0)]);
  });

  it('[DU11] leaves out other start codes and frames that lost bytes, and counts them', async () => {
    const s = await listening();
    s.widget.say(5, [0, 0xcc, 1, 2]);
    s.widget.say(5, [2, 0, 1, 2]);
    s.widget.say(5, [0]);
    s.widget.say(5, [1, 0, 7]);
    expect(heard(s)).toEqual([['/dmx/3/1', 7]]);
    const { reason } = s.bridge.status();
    expect(reason).toContain('1 time the interface lost frames that came too fast.');
    expect(reason).toContain('1 frame with lost bytes, left out.');
    expect(reason).toContain('1 frame with another start code, which is no levels.');
  });

  it('[DU5] counts what cannot be read and what belongs to no message', async () => {
    const s = await listening();
    s.ports.last.say(Uint8Array.of(1, 2, 3));
    s.widget.say(9, [0, 255]);
    s.widget.say(200, [1]);
    expect(heard(s)).toEqual([]);
    expect(s.bridge.status().reason).toContain(
      '3 bytes that belonged to no message. 1 message that could not be read.',
    );
  });

  it('[DU12] follows the changes that the widget tells', async () => {
    const s = await listening({ receive: 'changes' });
    expect(s.widget.asked.at(-1)).toEqual({ label: 8, data: [1] });
    s.widget.say(9, [0, 0b0000_0110, 0, 0, 0, 0, 11, 22]);
    s.widget.say(9, [0, 0b0000_0010, 0, 0, 0, 0, 12]);
    s.widget.say(9, [64, 1, 0, 0, 0, 0, 99]);
    expect(heard(s)).toEqual([
      ['/dmx/3/1', 11],
      ['/dmx/3/2', 22],
      ['/dmx/3/1', 12],
      ['/dmx/3/512', 99],
    ]);
    await s.pass(10_000);
    expect(s.bridge.status().state).toBe('connected');
  });

  it('[DU13] is late when the line falls silent for a second, and says so', async () => {
    const s = await listening();
    expect(s.bridge.status()).toMatchObject({
      state: 'connected',
      reason: expect.stringContaining('Nothing') as string,
    });
    s.widget.say(5, [0, 0, 1]);
    await s.pass(900);
    expect(s.bridge.status().state).toBe('connected');
    await s.pass(2200);
    expect(s.bridge.status()).toMatchObject({
      state: 'late',
      reason: 'No DMX for 3 s on universe 3: the levels heard last stay. Look at the cable and the desk.',
    });
  });

  it('[DU11] sends nothing, and counts what it was to send', async () => {
    const s = await listening();
    s.set(1, 1, 3);
    await s.pass(1000);
    expect([s.widget.frames, s.bridge.status().refusedTotal]).toEqual([[], 1]);
  });
});
