import { emptyShow, type Mapping, type ShowDocument, type Transform } from '../../../src-main/contract/show.ts';
import { fakeMapping, fakeOscBridge, fakeSacnBridge } from '../fake-parts.ts';

const scale = (outMax: number, outMin = 0): Transform => ({
  type: 'scale',
  enabled: true,
  inMin: 0,
  inMax: 1,
  outMin,
  outMax,
});
const curve = (easing: 'ease-in' | 'cubic-bezier' | 'ease-in-out'): Transform => ({
  type: 'curve',
  enabled: true,
  easing,
  bezier: [0.46, 0, 0.8, 0.55],
  min: 0,
  max: 1,
});
const clamp = (min: number, max: number): Transform => ({ type: 'clamp', enabled: true, min, max });

const rows: [string, string, Transform[]][] = [
  ['/desk/fader/1', '/sacn/1/17', [scale(255)]],
  ['/desk/fader/2', '/sacn/1/18', [scale(255)]],
  ['/desk/fader/3', '/osc/synth/cutoff', [curve('cubic-bezier'), scale(18000, 20), clamp(40, 12000)]],
  [
    '/midi/launchpad/ch/0/cc/7',
    '/osc/synth/level',
    [{ type: 'scale', enabled: true, inMin: 0, inMax: 127, outMin: 0, outMax: 1 }],
  ],
  ['/midi/launchpad/ch/0/note/36', '/tl/rain/play', []],
  ['/hid/spacemouse/tx', '/osc/cam/pan', [clamp(-0.9, 0.9)]],
  ['/tl/rain/density', '/sacn/2/101', [scale(255)]],
  [
    '/mqtt/foyer/lux',
    '/osc/doors/sign',
    [{ type: 'threshold', enabled: true, at: 300, hysteresis: 20, below: 0, above: 1 }],
  ],
  ['/artnet/0/5', '/sacn/1/5', []],
  [
    '/osc/band/kick/env',
    '/sacn/1/45',
    [{ type: 'threshold', enabled: true, at: 0.12, hysteresis: 0, below: 0, above: 1 }, curve('ease-in')],
  ],
  ['/serial/winch-a/pos', '/osc/truss-2/z', [scale(1), clamp(0, 1)]],
  ['/gesture/kinect/hand_r/y', '/osc/grain/pitch', [curve('ease-in'), clamp(0.1, 0.8)]],
];

/** The show of the pictures, or one with `count` mappings. */
export function sampleShow(count = 48): ShowDocument {
  const groups = [
    { id: 'g1', name: 'FOH desk to lights', folded: false },
    { id: 'g2', name: 'Stage sensors', folded: false },
  ];
  const mappings: Mapping[] = Array.from({ length: count }, (_, i) => {
    const [source, target, transforms] = rows[i % rows.length] ?? rows[0]!;
    const round = Math.floor(i / rows.length);
    return fakeMapping(i + 1, {
      source: { pattern: round === 0 ? source : source.replace(/\/(\w+)$/, `/${round + 1}/$1`) },
      target: { address: round === 0 ? target : `/sacn/${round + 1}/${i + 1}`, kind: 'same', as: 'same' },
      transforms,
      enabled: i !== 8,
      groupId: i < 12 ? null : i < 30 ? 'g1' : 'g2',
    });
  });
  return {
    ...emptyShow('sample', 'Winterreise'),
    groups,
    mappings,
    bridges: ['foh-desk', 'synth', 'launchpad', 'node-a', 'node-b', 'foyer', 'kinect', 'winch-a', 'tablet-sm'].map(
      (name, i) => (name.startsWith('node') ? fakeSacnBridge(i + 1, name) : fakeOscBridge(i + 1, name)),
    ),
  };
}
