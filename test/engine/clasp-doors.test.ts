import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { DoorStatus, KeptDoor } from '../../src-main/contract/door.ts';
import { createRouter } from '../../src-main/core/router/router.ts';
import { ClaspDoors, type ClaspDoorsOptions } from '../../src-main/engine/clasp-doors.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import type { EngineSettings } from '../../src-main/ports/engine-settings.ts';
import { TokenDesk } from '../core/router/token-desk.ts';
import { freePort } from '../free-port.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';

const running: ClaspDoors[] = [];
afterEach(async () => {
  for (const doors of running.splice(0)) await doors.stop();
});

function rig(more: Partial<ClaspDoorsOptions> = {}, kept: readonly KeptDoor[] = []) {
  let settings = { doors: kept } as unknown as EngineSettings;
  const told: (readonly DoorStatus[])[] = [];
  const world = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog };
  const router = createRouter({ ...world, name: 'test', defer: setImmediate });
  const doors = new ClaspDoors({
    ...world,
    ...{
      host: '127.0.0.1',
      port: 0,
      transports: [],
      router,
      identityOf: () => Promise.reject(new Error('none')),
      radioProcess: '',
    },
    settings: {
      current: () => settings,
      update: (change) => {
        settings = { ...settings, ...change };
        return Promise.resolve();
      },
    },
    access: { allows: () => false, refused: () => undefined } as unknown as ClaspDoorsOptions['access'],
    onRefused: () => undefined,
    onChange: (each) => told.push(each),
    ...more,
  });
  running.push(doors);
  return { doors, router, told, kept: () => settings.doors };
}

const tcp = (more: Partial<KeptDoor> = {}): KeptDoor => ({
  ...{ id: 'mine', enabled: true, isForAnyone: false, settings: { kind: 'tcp', port: 0 } },
  ...more,
});
const statesOf = (doors: ClaspDoors): Record<string, string> =>
  Object.fromEntries(doors.statuses().map(({ id, state }) => [id, state]));

describe('the ways in of a machine', () => {
  it('[DR3] opens those of the command line, then those it keeps and has switched on', async () => {
    const kept = [tcp(), tcp({ id: 'off', enabled: false })];
    const { doors } = rig({ transports: [{ kind: 'udp', port: 0 }] }, kept);
    await doors.open();
    expect(statesOf(doors)).toEqual({ websocket: 'open', 'given-0': 'open', mine: 'open', off: 'off' });
    expect(doors.listOpen().map(({ kind }) => kind)).toEqual(['websocket', 'udp', 'tcp']);
    expect(doors.listOpen()[0]?.url).toBe(doors.url);
    expect(doors.figures().map(({ kind }) => kind)).toEqual(['websocket', 'udp', 'tcp']);
  });

  it('[DR3] what the command line asks for and cannot be had opens nothing; what is kept and cannot be had is tried on', async () => {
    const { doors: first } = rig();
    await first.open();
    const port = Number(new URL(first.url).port);
    const { doors: second } = rig({ port });
    await expect(second.open()).rejects.toMatchObject({ code: 'port-in-use' });
    expect(second.listOpen()).toEqual([]);
    const { doors: third } = rig({}, [tcp({ settings: { kind: 'tcp', port } })]);
    await third.open();
    expect(statesOf(third)).toEqual({ websocket: 'open', mine: 'broken' });
  });

  it('[DR4] adds, changes, switches and removes what it keeps, and tells each', async () => {
    const { doors, told, kept } = rig();
    await doors.open();
    const port = await freePort();
    await doors.put(tcp({ settings: { kind: 'tcp', port } }));
    expect(doors.statuses()[1]).toMatchObject({ id: 'mine', state: 'open', url: `tcp://127.0.0.1:${port}` });
    await doors.put(tcp({ settings: { kind: 'udp', port: 0, scopes: ['read:/**'] } }));
    expect(doors.statuses()[1]).toMatchObject({ state: 'open', settings: { kind: 'udp', scopes: ['read:/**'] } });
    await doors.switch('mine', false);
    expect([statesOf(doors)['mine'], kept()[0]?.enabled]).toEqual(['off', false]);
    await doors.switch('mine', true);
    expect(statesOf(doors)['mine']).toBe('open');
    expect(told.at(-1)?.[1]).toMatchObject({ id: 'mine', state: 'open' });
    await doors.remove('mine');
    expect([statesOf(doors), kept()]).toEqual([{ websocket: 'open' }, []]);
    expect(told.at(-1)).toHaveLength(1);
  });

  it('[DR4] those of the command line are switched for this run and not changed; the WebSocket port neither', async () => {
    const { doors, kept } = rig({ transports: [{ kind: 'tcp', port: 0 }] });
    await doors.open();
    await doors.switch('given-0', false);
    expect([statesOf(doors)['given-0'], kept()]).toEqual(['off', []]);
    await doors.switch('given-0', true);
    expect(statesOf(doors)['given-0']).toBe('open');
    for (const refused of [
      doors.put(tcp({ id: 'given-0' })),
      doors.put(tcp({ id: 'websocket' })),
      doors.remove('given-0'),
      doors.switch('websocket', false),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'bad-arguments' });
    await expect(doors.switch('nobody', true)).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(doors.remove('nobody')).rejects.toMatchObject({ code: 'unknown-id' });
    expect(statesOf(doors)).toEqual({ websocket: 'open', 'given-0': 'open' });
  });

  it('[DR5] lets other machines in unasked only where that was chosen, and says so', async () => {
    const { doors, router, kept } = rig();
    await doors.open();
    const wide = tcp({ settings: { kind: 'tcp', port: 0, host: '0.0.0.0' } });
    await expect(doors.put(wide)).rejects.toMatchObject({ code: 'unauthenticated-host' });
    expect([statesOf(doors), kept()]).toEqual([{ websocket: 'open' }, []]);
    await doors.put({ ...wide, enabled: false });
    await expect(doors.switch('mine', true)).rejects.toMatchObject({ code: 'unauthenticated-host' });
    await doors.put({ ...wide, isForAnyone: true });
    expect(doors.statuses()[1]).toMatchObject({ state: 'open', isForAnyone: true, isAnyoneChosen: true });
    await doors.switch('mine', false);
    expect(doors.statuses()[1]).toMatchObject({ state: 'off', isForAnyone: false, isAnyoneChosen: true });
    await doors.switch('mine', true);
    router.guard.askForTokens(new TokenDesk());
    expect(doors.statuses()[1]).toMatchObject({ state: 'open', isForAnyone: false, isAnyoneChosen: true });
    await doors.put(wide);
    expect(doors.statuses()[1]).toMatchObject({ state: 'open', isAnyoneChosen: false });
    const { doors: later } = rig({}, [wide]);
    await later.open();
    expect(statesOf(later)).toEqual({ websocket: 'open', mine: 'off' });
  });

  it('[DR5] opens nothing to others when tokens cease to be asked for while that is being kept', async () => {
    let settings = { doors: [tcp({ enabled: false, settings: { kind: 'tcp', port: 0, host: '0.0.0.0' } })] };
    const built = rig({
      settings: {
        current: () => settings as unknown as EngineSettings,
        update: (change) => {
          settings = { ...settings, ...(change as typeof settings) };
          built.router.guard.askForTokens(undefined);
          return Promise.resolve();
        },
      },
    });
    built.router.guard.askForTokens(new TokenDesk());
    await built.doors.open();
    await expect(built.doors.switch('mine', true)).rejects.toMatchObject({ code: 'unauthenticated-host' });
    expect(statesOf(built.doors)).toMatchObject({ mine: 'off' });
  });

  it('[DR6] tells of those who come within a second', async () => {
    const { doors, told } = rig();
    await doors.open();
    const socket = new WebSocket(doors.url, 'clasp');
    await until('somebody is there', () => told.at(-1)?.[0]?.connections === 1);
    socket.close();
    await until('nobody is there', () => told.at(-1)?.[0]?.connections === 0);
    expect(told.at(-1)?.[0]?.acceptedTotal).toBe(1);
  });

  it('[DR1] one that it keeps counts on over being switched off and on', async () => {
    const { doors } = rig();
    await doors.open();
    await doors.put(tcp());
    const socket = connect(Number(new URL(doors.statuses()[1]?.url ?? '').port), '127.0.0.1');
    await until('somebody came', () => doors.statuses()[1]?.acceptedTotal === 1);
    await doors.switch('mine', false);
    await until('nobody is there', () => doors.statuses()[1]?.connections === 0);
    socket.destroy();
    await doors.switch('mine', true);
    expect(doors.statuses()[1]).toMatchObject({ state: 'open', connections: 0, acceptedTotal: 1 });
  });
});
