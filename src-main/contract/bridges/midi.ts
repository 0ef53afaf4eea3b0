import { z } from '../zod.ts';
import { bridgeHead, prefixSchema } from './bridge-head.ts';
import { addressPartSchema, chaseFields, timecodeRateField } from './timecode-fields.ts';

const portName = z.string().max(255).default('');

export const midiBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('midi'),
  settings: z.strictObject({
    mode: z
      .enum(['device', 'virtual'])
      .default('device')
      .meta({
        title: 'connects to',
        description: 'A device, or other programs on this machine, which find Flyrail as a port of their lists.',
        choices: { device: 'A MIDI device', virtual: 'Other programs, by a port of its own' },
      }),
    /** names without the numbers that a system adds; ` #2` behind a name means the second one of that name */
    input: portName.meta({
      title: 'input',
      description: 'The port that Flyrail listens to; empty for none. It is found again by this name.',
      control: 'midi-input',
      when: { mode: ['device'] },
    }),
    output: portName.meta({
      title: 'output',
      description: 'The port that Flyrail sends to; empty for none. It is found again by this name.',
      control: 'midi-output',
      when: { mode: ['device'] },
    }),
    portName: z
      .string()
      .min(1)
      .max(120)
      .default('Flyrail')
      .meta({
        title: 'port name',
        description: 'What other programs see in their lists of MIDI ports. Windows cannot do this.',
        repair: 'A port has a name of at most 120 letters.',
        when: { mode: ['virtual'] },
      }),
    /** cable: no faster than 31,250 baud. none: as fast as the port takes it; ports of its own are never paced */
    pace: z
      .enum(['cable', 'none'])
      .default('cable')
      .meta({
        title: 'pace',
        description:
          'What is more than a MIDI cable carries waits, the newest of each controller. USB devices without a cable need no pace.',
        choices: { cable: 'A MIDI cable: some 1000 messages a second', none: 'As fast as the device takes it' },
        when: { mode: ['device'] },
      }),
    prefix: prefixSchema.default('/midi'),
    device: addressPartSchema.default('default').meta({
      title: 'device',
      description: 'The second part of all its addresses, as in /midi/keys/ch/0/note.',
      placeholder: 'keys',
      repair: 'A device is one word without spaces and slashes.',
    }),
    channels: z
      .enum(['from-0', 'from-1'])
      .default('from-0')
      .meta({
        title: 'channels',
        description: 'How addresses count channels. Devices print 1 to 16 on their panels.',
        choices: { 'from-0': '0 to 15', 'from-1': '1 to 16' },
      }),
    /** midi: 0..127, 0..16383, bend -8192..8191. unit: 0..1, bend -1..1. */
    values: z
      .enum(['midi', 'unit'])
      .default('midi')
      .meta({
        title: 'values',
        description: 'The numbers of controllers, velocities, pressure and bend, both ways.',
        choices: { midi: 'As MIDI has them: 0 to 127', unit: '0 to 1' },
      }),
    /** controllers 0..31 whose fine part is the controller 32 above */
    fineControllers: z.array(z.int().min(0).max(31)).max(32).default([]).meta({
      title: 'fine controllers',
      description: 'Controllers 0 to 31 that come as two, with 14 bits: they appear under cc14 instead of cc.',
      repair: 'Fine controllers are numbers from 0 to 31.',
      advanced: true,
    }),
    numbered: z.boolean().default(false).meta({
      title: 'RPN and NRPN',
      description: 'Controllers 6, 38 and 96 to 101 together set numbered parameters of 14 bits.',
      advanced: true,
    }),
    clockTicks: z.boolean().default(false).meta({
      title: 'every clock',
      description: 'Each of the 24 clocks of a beat is an event too. Tempo and beats come without it.',
      advanced: true,
    }),
    sendClock: z.boolean().default(false).meta({
      title: 'send clock',
      description: 'Flyrail gives the tempo: 24 clocks a beat.',
    }),
    tempo: z
      .number()
      .min(20)
      .max(400)
      .default(120)
      .meta({
        title: 'tempo',
        unit: 'bpm',
        description: 'The tempo of the clock until something sets another.',
        repair: 'A tempo is 20 to 400 bpm.',
        when: { sendClock: [true] },
      }),
    sendTimecode: z.boolean().default(false).meta({
      title: 'send timecode',
      description: 'Flyrail sends MTC: a position that is set, runs and stops, or follows another timecode.',
    }),
    timecodeRate: timecodeRateField.meta({ when: { sendTimecode: [true] } }),
    ...chaseFields,
  }),
});
export type MidiBridge = z.infer<typeof midiBridgeSchema>;
