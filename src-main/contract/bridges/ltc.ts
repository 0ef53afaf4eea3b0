import { z } from '../zod.ts';
import { bridgeHead, prefixSchema } from './bridge-head.ts';
import { addressPartSchema, chaseFields, timecodeRateField } from './timecode-fields.ts';

/** Which programs of the machine carry the sound; auto takes the first that is there. */
export const soundSystems = ['auto', 'alsa', 'pipewire', 'pulse'] as const;

const soundDevice = z
  .string()
  .max(120)
  .regex(
    /^([A-Za-z0-9_.:,=@][A-Za-z0-9_.:,=@ -]*)?$/,
    'expected the name of a sound device, such as plughw:CARD=Pro,DEV=0',
  )
  .default('');

export const ltcBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('ltc'),
  settings: z.strictObject({
    direction: z
      .enum(['in', 'out', 'both'])
      .default('in')
      .meta({
        title: 'direction',
        description: 'Whether it reads timecode, sends it, or both.',
        choices: { in: 'Reads timecode', out: 'Sends timecode', both: 'Reads and sends' },
      }),
    prefix: prefixSchema.default('/ltc'),
    device: addressPartSchema.default('default').meta({
      title: 'device',
      description: 'The second part of all its addresses, as in /ltc/deck/timecode.',
      placeholder: 'deck',
      repair: 'A device is one word without spaces and slashes.',
    }),
    sound: z
      .enum(soundSystems)
      .default('auto')
      .meta({
        title: 'sound system',
        description: 'How sound is reached on this machine.',
        choices: { auto: 'The first that is there', alsa: 'ALSA', pipewire: 'PipeWire', pulse: 'PulseAudio' },
        advanced: true,
      }),
    inputDevice: soundDevice.meta({
      title: 'sound input',
      description: 'The sound device that is read; empty for the one of the system.',
      placeholder: 'plughw:CARD=Pro,DEV=0',
      repair: 'Write a sound device as the system names it, such as plughw:CARD=Pro,DEV=0.',
      when: { direction: ['in', 'both'] },
    }),
    /** both: mixed to one by the sound system */
    inputChannel: z
      .enum(['both', 'left', 'right'])
      .default('both')
      .meta({
        title: 'channel',
        description: 'Where the timecode is. With music on the other channel, name the one that it is on.',
        choices: { both: 'Either: both are mixed', left: 'Left', right: 'Right' },
        when: { direction: ['in', 'both'] },
      }),
    outputDevice: soundDevice.meta({
      title: 'sound output',
      description: 'The sound device that timecode is played on; empty for the one of the system.',
      placeholder: 'plughw:CARD=Pro,DEV=0',
      repair: 'Write a sound device as the system names it, such as plughw:CARD=Pro,DEV=0.',
      when: { direction: ['out', 'both'] },
    }),
    sampleRate: z.literal([44_100, 48_000, 96_000]).default(48_000).meta({
      title: 'sample rate',
      unit: 'Hz',
      description: 'Samples a second of the sound device.',
      advanced: true,
    }),
    /** what comes in; auto takes it from the labels */
    inputRate: z
      .enum(['auto', '24', '25', '29.97df', '30'])
      .default('auto')
      .meta({
        title: 'frame rate in',
        description: 'The frames a second of the timecode that comes in. The labels show it within a second.',
        choices: { auto: 'As the labels show', '24': '24', '25': '25', '29.97df': '29.97 drop-frame', '30': '30' },
        when: { direction: ['in', 'both'] },
      }),
    rate: timecodeRateField.meta({ when: { direction: ['out', 'both'] } }),
    volume: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .meta({
        title: 'volume',
        unit: '0–1',
        description: 'The level of the timecode that is played; 1 is full scale.',
        repair: 'A volume is 0 to 1.',
        when: { direction: ['out', 'both'] },
      }),
    ...chaseFields,
  }),
});
export type LtcBridge = z.infer<typeof ltcBridgeSchema>;
