import type { MonitorEntry } from '../../../src-main/contract/live-events.ts';
import { bool, f64, integer, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';

interface Kind {
  readonly direction: MonitorEntry['direction'];
  readonly device: string;
  readonly address: string;
  readonly value: (t: number) => Value;
  readonly because: string;
  readonly trouble?: boolean;
}

const wave = (t: number, by: number): number => 0.5 + 0.5 * Math.sin(t * by);
const kinds: readonly Kind[] = [
  {
    direction: 'in',
    device: 'foh-desk',
    address: '/desk/fader/3',
    value: (t) => f64(wave(t, 1)),
    because: 'operator touch',
  },
  {
    direction: 'out',
    device: 'synth',
    address: '/osc/synth/cutoff',
    value: (t) => f64(9000 * wave(t, 1)),
    because: 'set 3, 0.31 ms later',
  },
  {
    direction: 'in',
    device: 'launchpad',
    address: '/midi/launchpad/ch/0/note/36',
    value: () => nullValue,
    because: 'press',
  },
  {
    direction: 'own',
    device: 'flyrail',
    address: '/tl/rain/play',
    value: () => bool(true),
    because: 'set 5, 0.22 ms later',
  },
  {
    direction: 'out',
    device: 'node-a',
    address: '/sacn/1/45',
    value: (t) => integer(Math.round(255 * wave(t, 2))),
    because: 'set 10, 0.28 ms later',
  },
  {
    direction: 'own',
    device: 'flyrail',
    address: '/osc/truss-2/z',
    value: () => text('not sent'),
    because: 'set 11: truss-2 is broken',
    trouble: true,
  },
  {
    direction: 'in',
    device: 'kinect',
    address: '/gesture/kinect/hand_r',
    value: (t) => ({
      type: 'map',
      value: [
        ['x', f64(wave(t, 1))],
        ['y', f64(wave(t, 2))],
        ['name', text('right hand')],
      ],
    }),
    because: 'frame 18 221',
  },
  {
    direction: 'out',
    device: 'node-a',
    address: '/sacn/2/101',
    value: (t) => integer(Math.round(20 * wave(t, 3))),
    because: 'set 7, 0.27 ms later',
  },
];

/** The next lines of a made-up rig. */
export function rigEntries(from: number, count: number, atMs: number): MonitorEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[(from + i) % kinds.length] ?? kinds[0]!;
    const { value, trouble = false, ...rest } = kind;
    return {
      ...rest,
      sequence: from + i,
      at: micros((atMs + i / 100) * 1000),
      kind: 'param',
      value: value(atMs / 1000 + i),
      trouble,
    };
  });
}
