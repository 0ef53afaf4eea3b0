import { parseShow } from '../../src-main/contract/parse-show.ts';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';

interface TourPorts {
  /** UDP on 127.0.0.1: where lamps listen for sACN */
  readonly lamps: number;
  /** where Flyrail listens for OSC */
  readonly stage: number;
  /** where the media server would listen for OSC */
  readonly video: number;
}

const full = { min: 0, max: 1 };
const soft = { type: 'curve', easing: 'ease-in-out', ...full };

/** A small touring rig as an operator would keep it, for the pictures of the README: two lighting outputs, the stage
 *  by OSC, a media server, and eleven line sets in three groups. */
export function tourShow(name: string, ports: TourPorts): ShowDocument {
  return parseShow({ ...emptyShow('winter-tour', name), bridges: bridges(ports), groups, mappings });
}

const groups = [
  { id: 'front', name: 'Front of house' },
  { id: 'band', name: 'Band' },
  { id: 'video', name: 'Video' },
];

const mappings = [
  set(1, 'front', ['Front wash', '/desk/fader/1', '/sacn/1/1'], [soft]),
  set(
    2,
    'front',
    ['Key light, singer', '/desk/fader/2', '/sacn/1/5'],
    [{ type: 'scale', inMin: 0, inMax: 1, outMin: 0.1, outMax: 0.9 }, soft],
  ),
  set(3, 'front', ['Cyc, never quite dark', '/desk/fader/3', '/sacn/1/24'], [{ type: 'clamp', min: 0.15, max: 1 }]),
  set(4, 'front', ['House lights', '/desk/fader/4', '/sacn/1/96'], [{ type: 'invert', ...full }]),
  set(
    5,
    'band',
    ['Kick to blinders', '/stage/drums/kick', '/sacn/1/31'],
    [{ type: 'threshold', at: 0.5, hysteresis: 0.1, below: 0, above: 1 }],
  ),
  set(
    6,
    'band',
    ['Keys to side light', '/stage/keys/expression', '/sacn/1/33'],
    [{ type: 'curve', easing: 'ease-in', ...full }],
  ),
  set(
    7,
    'band',
    ['Vocal level to haze', '/stage/vocals/level', '/sacn/1/40'],
    [{ type: 'quantize', ...full, steps: 9 }],
  ),
  set(8, 'band', ['Dancers to spots', '/stage/dancer/*/height', '/sacn/2/{1}'], []),
  { ...set(9, 'band', ['Confetti', '/desk/key/9', '/sacn/1/120'], []), enabled: false },
  set(10, 'video', ['Layer 1 opacity', '/desk/fader/9', '/video/layer/1/opacity'], [soft]),
  set(11, 'video', ['Next clip', '/desk/key/12', '/video/layer/1/next'], []),
];

type Words = readonly [name: string, source: string, target: string];

function set(number: number, groupId: string, [name, pattern, address]: Words, transforms: readonly object[]) {
  return { id: `set-${number}`, number, groupId, name, source: { pattern }, target: { address }, transforms };
}

function bridges({ lamps, stage, video }: TourPorts): object[] {
  const host = '127.0.0.1';
  const osc = { listenHost: host, listenPort: stage, targets: [{ host, port: video }] };
  const sacn = { mode: 'unicast', unicastTo: [host], networkCard: '', sourceName: 'Winter tour', port: lamps };
  return [
    bridge(1, 'sacn', 'front truss', { ...sacn, cid: '1d6f8f0e-58f2-4b0b-9df4-6d1c5f3a7b01', universes: universe(1) }),
    bridge(2, 'sacn', 'back truss', {
      ...sacn,
      cid: '1d6f8f0e-58f2-4b0b-9df4-6d1c5f3a7b02',
      universes: universe(2),
    }),
    bridge(3, 'osc', 'stage', { ...osc, direction: 'in', prefix: '/stage' }),
    bridge(4, 'osc', 'media server', { ...osc, direction: 'out', prefix: '/video' }),
  ];
}

function universe(number: number): object[] {
  return [{ first: number, last: number, priority: 100 }];
}

function bridge(number: number, kind: 'osc' | 'sacn', name: string, settings: object): object {
  return { id: `bridge-${number}`, number, kind, name, settings };
}
