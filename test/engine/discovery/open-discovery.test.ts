import { accessRulesSchema } from '../../../src-main/contract/access-rules.ts';
import { describe, expect, it } from 'vitest';
import type { DiscoveryMode } from '../../../src-main/contract/discovery.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { openDiscovery } from '../../../src-main/engine/discovery/open-discovery.ts';
import { createEventHub } from '../../../src-main/engine/event-hub.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { diskWith, openSession } from '../session-bench.ts';
import { FakeLan, oscService } from './fake-lan.ts';

describe('discovery as pages command it', () => {
  it('[DC41] begins as the command line says, else as it was chosen, else as nobody chose', async () => {
    const modeOf = async (
      given: DiscoveryMode | undefined,
      chosen: DiscoveryMode | undefined,
      otherwise: DiscoveryMode,
    ) => {
      const { discovery } = await stage({ discovery: given, chosen, discoveryDefault: otherwise });
      const { mode } = discovery.state();
      await discovery.stop();
      return mode;
    };
    expect(await modeOf('off', 'find', 'find')).toBe('off');
    expect(await modeOf('find', 'off', 'off')).toBe('find');
    expect(await modeOf(undefined, 'find-and-show', 'off')).toBe('find-and-show');
    expect(await modeOf(undefined, 'off', 'find')).toBe('off');
    expect(await modeOf(undefined, undefined, 'find')).toBe('find');
    expect(await modeOf(undefined, undefined, 'off')).toBe('off');
  });

  it('[DC41] remembers what is chosen, and changes nothing when that cannot be kept', async () => {
    const { discovery, kept, fail } = await stage({});
    await discovery.setMode('find');
    expect([kept(), discovery.state().mode]).toEqual(['find', 'find']);
    fail();
    await expect(discovery.setMode('off')).rejects.toMatchObject({ code: 'cannot-write-file' });
    expect(discovery.state().mode).toBe('find');
    await discovery.stop();
  });

  it('[DC42] adds the bridge of a found thing to the show, which undo takes away', async () => {
    const { discovery, lan, clock, session } = await stage({ discovery: 'find' });
    await clock.advanceAsync(100);
    lan.answer(oscService('Desk', '10.0.0.9'), '10.0.0.9');
    const [thing] = discovery.state().things;
    const before = session.document.bridges.length;
    const receipt = await discovery.connect(thing?.key ?? '');
    expect(receipt).toMatchObject({ revision: session.revision, show: { undoLabel: 'add Desk' } });
    expect(session.document.bridges.at(-1)).toMatchObject({
      kind: 'osc',
      name: 'Desk',
      settings: { targets: [{ host: '10.0.0.9', port: 9000 }] },
    });
    await session.undo();
    expect(session.document.bridges).toHaveLength(before);
    await discovery.stop();
  });

  it('[DC42] refuses what went, and what offers no bridge, and changes nothing', async () => {
    const { discovery, lan, clock, session } = await stage({ discovery: 'find' });
    await clock.advanceAsync(100);
    const web = oscService('Node', '10.0.0.9').map((record) => {
      return { ...record, name: record.name.replace('_osc._udp', '_http._tcp') };
    });
    lan.answer(web, '10.0.0.9');
    const { revision } = session;
    await expect(discovery.connect('found-99')).rejects.toMatchObject({ code: 'unknown-id' });
    const [page] = discovery.state().things;
    await expect(discovery.connect(page?.key ?? '')).rejects.toMatchObject({
      code: 'bad-arguments',
      message: 'It opens in a browser.',
    });
    expect(session.revision).toBe(revision);
    await discovery.stop();
  });
});

interface Wishes {
  discovery?: DiscoveryMode | undefined;
  chosen?: DiscoveryMode | undefined;
  discoveryDefault?: DiscoveryMode;
}

async function stage({ discovery: given, chosen, discoveryDefault = 'off' }: Wishes) {
  const lan = new FakeLan();
  const clock = new SimulatedClock();
  const hub = createEventHub(silentLog);
  const { session } = await openSession(diskWith('inside'), { hub });
  let discoveryKept = chosen;
  let fails = false;
  const discovery = openDiscovery({
    discovery: given,
    discoveryDefault,
    clock,
    random: { fraction: () => 0.5, uuid: () => crypto.randomUUID() },
    settings: {
      current: () => ({
        allowedOrigins: [],
        doors: [],
        accessRules: accessRulesSchema.parse({}),
        recentShows: [],
        interface: { network: false, encrypted: false },
        discovery: discoveryKept,
      }),
      update: (change) => {
        if (fails) return Promise.reject(new UnavailableError('cannot-write-file', 'The disk is full.'));
        discoveryKept = change.discovery;
        return Promise.resolve();
      },
    },
    show: session,
    hub,
    door: { host: '0.0.0.0', url: 'ws://127.0.0.1:7330/clasp' },
    lan: lan.access,
  });
  await clock.advanceAsync(0);
  return { discovery, lan, clock, session, kept: () => discoveryKept, fail: () => (fails = true) };
}
