import { describe, expect, it } from 'vitest';
import type { MappingProblem } from '../../src-main/contract/engine-api.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import { mappingProblems } from '../../src-main/engine/mapping-problems.ts';
import { sampleMapping, sampleOsc, sampleSacn, sampleStatus } from './bridge-samples.ts';
import { artnetSettings, dmxUsbSettings } from '../bridges/bridge-settings.ts';

function problemsOf(
  target: string,
  bridges: Bridge[],
  statuses = bridges.map(({ id }) => sampleStatus(id, 'connected')),
) {
  return mappingProblems({ mappings: [sampleMapping(1, { from: '/a', to: target })], bridges }, [], {
    statuses,
    senderTo: () => undefined,
  });
}

describe('mappings that reach nobody', () => {
  it('[EA19] has nothing to say of a target that a working bridge sends, or that only CLASP clients hear', () => {
    expect(problemsOf('/sacn/1/17', [sampleSacn('node-a')])).toEqual([]);
    expect(problemsOf('/sacn/{1}/17', [sampleSacn('node-a')])).toEqual([]);
    expect(problemsOf('/lights/front', [])).toEqual([]);
    expect(problemsOf('/sacnish/1', [])).toEqual([]);
  });

  it.each([
    ['/sacn/1/17', [], 'no-device', 'no bridge sends /sacn/1/17'],
    ['/osc/synth', [], 'no-device', 'no bridge sends /osc/synth'],
    ['/sacn/1/17', [sampleSacn('node-a', {}, false)], 'no-device', 'node-a is switched off'],
    ['/sacn/7/1', [sampleSacn('node-a')], 'no-device', 'node-a does not send universe 7'],
    ['/sacn/1/513', [sampleSacn('node-a')], 'no-device', 'a universe has slots 1 to 512, not 513'],
    ['/sacn/1/x', [sampleSacn('node-a')], 'no-device', 'a universe has slots 1 to 512, not x'],
    ['/sacn/{1}/0', [sampleSacn('node-a')], 'no-device', 'a universe has slots 1 to 512, not 0'],
    ['/sacn/0/1', [sampleSacn('node-a')], 'no-device', 'universes are 1 to 63999, not 0'],
    ['/sacn/front/{1}', [sampleSacn('node-a')], 'no-device', 'universes are 1 to 63999, not front'],
    ['/sacn/1', [sampleSacn('node-a')], 'no-device', "a lamp's address is /sacn/universe/slot"],
    ['/osc/x', [sampleOsc('synth', { direction: 'in' })], 'no-device', 'synth only listens'],
  ] as const)('[EA19] names the reason for %s', (target, bridges, code, reason) => {
    expect(problemsOf(target, [...bridges])).toEqual([{ mappingId: 'm1', code, reason }]);
  });

  it.each([
    ['/artnet/0/17', undefined],
    ['/artnet/0/0/0/17', undefined],
    ['/artnet/{1}/{2}/3/17', undefined],
    ['/artnet/4/1', 'Dimmers does not send port address 4'],
    ['/artnet/0/0/4/1', 'Dimmers does not send port address 4'],
    ['/artnet/32768/1', 'port addresses are 0 to 32767, not 32768'],
    ['/artnet/0/513', 'a universe has slots 1 to 512, not 513'],
    ['/artnet/0/0/16/1', "a lamp's address is /artnet/port address/slot"],
  ])('[AN29] judges %s by port addresses', (target, reason) => {
    const problems = problemsOf(target, [artnetSettings()]);
    expect(problems).toEqual(reason === undefined ? [] : [{ mappingId: 'm1', code: 'no-device', reason }]);
  });

  it.each([
    ['/dmx/1/512', {}, undefined],
    ['/dmx/2/1', { secondUniverse: 2 }, undefined],
    ['/dmx/{1}/17', {}, undefined],
    ['/dmx/2/1', {}, 'Dimmers does not send universe 2'],
    ['/dmx/1/1', { direction: 'in' }, 'Dimmers does not send universe 1'],
    ['/dmx/0/1', {}, 'universes are 1 to 63999, not 0'],
    ['/dmx/1/513', {}, 'a universe has slots 1 to 512, not 513'],
    ['/dmx/1/101', { slots: 100 }, 'Dimmers sends slots 1 to 100, not 101'],
    ['/dmx/1/2/3', {}, "a lamp's address is /dmx/universe/slot"],
  ] as const)('[DU23] judges %s by what a line of %j sends', (target, settings, reason) => {
    const problems = problemsOf(target, [dmxUsbSettings(settings)]);
    expect(problems).toEqual(reason === undefined ? [] : [{ mappingId: 'm1', code: 'no-device', reason }]);
  });

  it('[DU23] asks the line that sends the universe, of several under one prefix', () => {
    const heard = { ...dmxUsbSettings({ universe: 2, direction: 'in' }), id: 'dmx2', name: 'Desk', enabled: false };
    expect(problemsOf('/dmx/1/1', [heard, dmxUsbSettings()])).toEqual([]);
    expect(problemsOf('/dmx/2/1', [dmxUsbSettings(), heard])).toMatchObject([{ reason: 'Desk is switched off' }]);
  });

  it('[EA19] passes on why the bridge is broken', () => {
    const statuses = [sampleStatus('node-a', 'broken', 'network card eth7 is gone')];
    expect(problemsOf('/sacn/1/1', [sampleSacn('node-a')], statuses)).toEqual([
      { mappingId: 'm1', code: 'device-broken', reason: 'node-a: network card eth7 is gone' },
    ]);
  });

  it('[EA32] says that the output refuses what this set has sent, and no other, for as long as it does', () => {
    const refused = { address: '/sacn/1/5', why: 'the value is no level' };
    const statuses = [{ ...sampleStatus('node-a', 'trouble'), refused }];
    const mappings = [
      sampleMapping(1, { from: '/w/*', to: '/sacn/1/{1}' }),
      sampleMapping(2, { from: '/t', to: '/sacn/1/5' }),
    ];
    const show = { mappings, bridges: [{ ...sampleSacn('node-a'), name: 'Lights' }] };
    const by = (sender?: string) => mappingProblems(show, [], { statuses, senderTo: () => sender });
    const reason = 'Lights refuses it: the value is no level';
    expect(by('m2')).toEqual([{ mappingId: 'm2', code: 'device-refuses', reason }]);
    expect(by('m1')).toEqual([{ mappingId: 'm1', code: 'device-refuses', reason }]);
    expect(by()).toEqual([]);
    const over = { statuses: [sampleStatus('node-a', 'trouble')], senderTo: () => 'm2' };
    expect(mappingProblems(show, [], over)).toEqual([]);
  });

  it('[EA32] says it of none that is off, of one with another problem that problem, and nothing of a bridge that is gone', () => {
    const refused = { address: '/sacn/7/5', why: 'the value is no level' };
    const path = { from: '/a', to: '/sacn/7/5' };
    const mappings = [sampleMapping(1, path), sampleMapping(2, path, false)];
    const statuses = ['node-a', 'gone'].map((id) => ({ ...sampleStatus(id, 'trouble'), refused }));
    expect(
      mappingProblems({ mappings, bridges: [sampleSacn('node-a')] }, [], { statuses, senderTo: () => 'm1' }),
    ).toMatchObject([{ mappingId: 'm1', code: 'no-device' }]);
    expect(
      mappingProblems({ mappings, bridges: [sampleOsc('x', { prefix: '/sacn' })] }, [], {
        statuses,
        senderTo: () => 'm1',
      }),
    ).toEqual([]);
  });

  it('[EA19] keeps the engine’s own refusal first, one problem a mapping, none for those switched off', () => {
    const refused: MappingProblem = { mappingId: 'm1', code: 'mapping-loop', reason: 'feeds itself' };
    const path = { from: '/a', to: '/sacn/1/1' };
    const mappings = [sampleMapping(1, path), sampleMapping(2, path, false)];
    expect(mappingProblems({ mappings, bridges: [] }, [refused], { statuses: [], senderTo: () => undefined })).toEqual([
      refused,
    ]);
  });

  it('[EA19] asks the output that sends the universe, of several under one prefix', () => {
    const only = (universe: number) => ({ universes: [{ first: universe, last: universe, priority: 100 }] });
    const front = sampleSacn('front', only(1));
    expect(problemsOf('/sacn/2/1', [front, sampleSacn('back', only(2))])).toEqual([]);
    expect(problemsOf('/sacn/2/1', [front, sampleSacn('back', only(2), false)])).toMatchObject([
      { reason: 'back is switched off' },
    ]);
    expect(problemsOf('/sacn/7/1', [front, sampleSacn('back', only(2))])).toMatchObject([
      { reason: 'front does not send universe 7' },
    ]);
  });

  it('[EA19] prefers the bridge with the longest prefix, and of equal ones the one that is on', () => {
    const bridges = [sampleOsc('all'), sampleOsc('synth', { prefix: '/osc/synth', direction: 'in' })];
    expect(problemsOf('/osc/synth/x', bridges)).toMatchObject([{ reason: 'synth only listens' }]);
    expect(problemsOf('/osc/synthetic', bridges)).toEqual([]);
    expect(problemsOf('/osc/x', [sampleOsc('off', {}, false), sampleOsc('on')])).toEqual([]);
  });
});
