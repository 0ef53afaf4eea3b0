import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import { sampleFixture, sampleProfile } from '../arbitrary-patch.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { repository, runFlyrail, startServe } from './flyrail-process.ts';
import { listenForSacn } from './sacn-listener.ts';
import { sacnOutput, writeShow } from './serve-shows.ts';

function patchedShow(port: number): ShowDocument {
  const patch = [sampleFixture({ bridgeId: 'lights' })];
  return { ...emptyShow('gala', 'Gala'), bridges: [sacnOutput(port)], profiles: [sampleProfile], patch };
}

describe('the desk of the built product', () => {
  it('[DK20] holds and releases, reduces, parks and plays fixtures on the wire, and remembers it over a restart', async () => {
    const data = temporaryFolder();
    const sacn = await listenForSacn();
    const show = writeShow(data, patchedShow(sacn.port));
    const first = startServe(data, ['--show', show]);
    const { clasp } = await first.ready();
    const pub = (address: string, value: string) => runFlyrail(['pub', address, value, '--url', clasp.url]);
    const dmx = (...words: string[]) => runFlyrail(['dmx', ...words, '--data', data]);
    const levels = (slots: readonly number[]) => slots.map((slot) => sacn.level(slot));
    const see = (slots: readonly number[], wanted: readonly number[]) =>
      until(`slots ${slots.join(', ')} at ${wanted.join(', ')}`, () => levels(slots).join() === wanted.join());

    // 16 bits of a fixture, the default of its pan, and a slot that nobody patched.
    expect(await pub('/fixtures/par-5/dimmer', '0.5')).toMatchObject({ code: 0 });
    await pub('/sacn/1/100', '0.8');
    await see([17, 18, 20, 100], [128, 0, 128, 204]);
    expect(await pub('/fixtures/par-5/laser', '0.5')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no laser') as string,
    });

    expect(await dmx('master', '0.5')).toMatchObject({ code: 0, stdout: 'Grand master at 50 %.\n' });
    await see([17, 18, 20, 100], [64, 0, 128, 102]);
    expect(await dmx('park', '1', '20', '7')).toMatchObject({ code: 0 });
    expect(await dmx('blackout', 'on')).toMatchObject({ code: 0 });
    await see([17, 18, 20, 100], [0, 0, 7, 0]);
    await pub('/sacn/1/101', '0.4');

    const who = JSON.parse((await dmx('who', '1', '17', '--json')).stdout) as {
      because: string;
      drivers: { name: string }[];
    };
    expect(who.because).toContain('Blackout holds it at 0. PAR 5, dimmer drives it');
    const table = await dmx('1');
    expect(table.stdout).toMatch(/^U 1 out {2}BLACKOUT\n/);
    expect(table.stdout).toMatch(/\n 17 +0- +0 +0 +7p/);
    expect((await dmx()).stdout).toBe('U 1     out Lights  1 parked\n');

    await first.stop();
    const before = sacn.packets.length;
    const second = startServe(data, ['--show', show]);
    await second.ready();
    await until('frames of the second run', () => sacn.packets.length > before + 2);
    const since = sacn.packets.slice(before).filter(({ payloadAsBuffer }) => payloadAsBuffer);
    // Not one frame was lit in between.
    expect(since.every(({ payloadAsBuffer: slots }) => slots?.[16] === 0 && slots[19] === 7 && slots[99] === 0)).toBe(
      true,
    );
    await dmx('blackout', 'off');
    await dmx('unpark', '--all');
    expect(await dmx('master', '1')).toMatchObject({ code: 0 });
    await see([17, 18, 20, 100, 101], [128, 0, 128, 204, 102]);
    await second.stop();
    sacn.close();
  }, 90_000);

  it('[FX16] imports a fixture into the show on the table, and into a show file, and lists it', async () => {
    const data = temporaryFolder();
    const sacn = await listenForSacn();
    const show = writeShow(data, { ...emptyShow('gala', 'Gala'), bridges: [sacnOutput(sacn.port)] });
    const file = join(repository, 'test/fixtures/profiles/profile-900.qxf');
    const json = join(repository, 'test/fixtures/profiles/lantern-works/wash-600.json');
    expect(await runFlyrail(['fixture', 'import', file, show])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Imported lantern-sons-profile-900-s.') as string,
    });
    const serving = startServe(data, ['--show', show]);
    await serving.ready();
    expect((await runFlyrail(['fixture', 'import', file, show])).stderr).toContain('is open in a running Flyrail');
    const imported = await runFlyrail(['fixture', 'import', json, '--data', data, '--json']);
    expect(JSON.parse(imported.stdout)).toMatchObject({ profileId: 'lantern-works-wash-600' });
    const listed = await runFlyrail(['fixture', 'list', '--data', data, '--json']);
    const { profiles } = JSON.parse(listed.stdout) as { profiles: { id: string }[] };
    expect(profiles.map(({ id }) => id)).toEqual(['lantern-sons-profile-900-s', 'lantern-works-wash-600']);
    await serving.stop();
    sacn.close();
  }, 60_000);
});
