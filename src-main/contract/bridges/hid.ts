import { hidAsSchema, hidControlSchema, hidControlsMax, hidDeadzoneSchema, hidNameSchema } from '../hid-control.ts';
import { z } from '../zod.ts';
import { bridgeHead, prefixSchema } from './bridge-head.ts';

const settings = z.strictObject({
  device: z
    .string()
    .max(512)
    .regex(/^hid=[\da-fA-F]{4}:[\da-fA-F]{4}([:@].+)?$/, 'expected hid=VENDOR:PRODUCT, as in hid=0b33:0020')
    .meta({
      title: 'device',
      description: 'One with a serial number is found again by it wherever it is plugged in.',
      placeholder: 'hid=054c:0ce6',
      control: 'hid-device',
      repair: 'Choose a device, or give its numbers: hid=054c:0ce6, hid=0fd9:0080:CL12345.',
    }),
  prefix: prefixSchema.default('/hid').meta({ example: 'Its button a is {value}/a.' }),
  layout: z
    .string()
    .max(120)
    .regex(/^[A-Za-z0-9._-]*$/, 'expected the name of a layout')
    .default('')
    .meta({
      title: 'layout',
      description:
        'Empty: the one for this device, else what the device says of itself. none: only the controls below.',
      placeholder: 'shuttle-xpress',
      repair: 'A layout is the name of its file without .json.',
      advanced: true,
    }),
  collection: z
    .string()
    .regex(/^([0-9a-f]{1,4}\/[0-9a-f]{1,4})?$/, 'expected a page and a usage, as in 1/5')
    .default('')
    .meta({
      title: 'part of the device',
      description:
        'Of a device that is several in one: page and usage of the part, in hexadecimal. Empty: what is most of a control.',
      placeholder: '1/5',
      repair: 'A part is a page and a usage in hexadecimal: 1/5 is a game pad, 1/6 a keyboard.',
      advanced: true,
    }),
  buttons: z
    .enum(['param', 'event', 'gesture'])
    .default('param')
    .meta({
      title: 'buttons tell',
      description: '1 while pressed and 0 when let go.',
      choices: { param: 'A param', event: 'An event each time', gesture: 'A gesture from press to release' },
    }),
  axes: z
    .enum(['param', 'stream', 'gesture'])
    .default('param')
    .meta({
      title: 'axes tell',
      description: 'Sticks tell -1 to 1, triggers and faders 0 to 1.',
      choices: { param: 'A param', stream: 'A stream', gesture: 'A gesture until it rests' },
    }),
  jogs: z
    .enum(['event', 'param', 'gesture'])
    .default('event')
    .meta({
      title: 'jogs tell',
      description: 'What turns without end: the steps it went, or a value that they move.',
      choices: { event: 'Events with steps', param: 'A param from 0 to 1', gesture: 'A gesture until it rests' },
    }),
  jogStep: z
    .number()
    .min(0.0001)
    .max(1)
    .default(0.01)
    .meta({
      title: 'one step is',
      description: 'How far a step of a jog moves its param.',
      repair: 'A step is a number from 0.0001 to 1.',
      when: { jogs: ['param'] },
      advanced: true,
    }),
  deadzone: z.number().min(0).max(0.9).default(0.08).meta({
    title: 'dead zone',
    description: 'Part of the way of a stick around its centre that counts as rest.',
    unit: '0–0.9',
    repair: 'A dead zone is a number from 0 to 0.9.',
  }),
  rate: z.int().min(1).max(250).default(60).meta({
    title: 'at most',
    description:
      'How often axes are told. The newest is told, and always where one comes to rest; buttons are told at once.',
    unit: 'a second',
    repair: 'A rate is a whole number from 1 to 250.',
    advanced: true,
  }),
  onUnplug: z
    .enum(['release', 'hold'])
    .default('release')
    .meta({
      title: 'when it is unplugged',
      description: 'What becomes of buttons that are held, and of sticks.',
      choices: { release: 'Let go, and back to the centre', hold: 'Stay as they are' },
    }),
  controls: z.array(hidControlSchema).max(hidControlsMax).default([]).meta({
    title: 'own controls',
    description: 'Beside those of the layout; one of the same name goes before it.',
    item: 'control',
    control: 'hid-controls',
  }),
  changes: z
    .array(
      z.strictObject({
        name: hidNameSchema,
        as: hidAsSchema,
        deadzone: hidDeadzoneSchema.meta({
          title: 'dead zone',
          description: 'Empty: as it is.',
          repair: 'A dead zone is a number from 0 to 0.9.',
        }),
        invert: z
          .boolean()
          .default(false)
          .meta({ title: 'turned round', description: 'Its other end is the higher one.' }),
      }),
    )
    .max(hidControlsMax)
    .default([])
    .meta({
      title: 'changed controls',
      description: 'Controls of the layout that are to be told otherwise than usual.',
      item: 'change',
      advanced: true,
    }),
});

/** A game pad, foot switch, shuttle, 3D mouse or the keys of a Stream Deck. */
export const hidBridgeSchema = z.strictObject({ ...bridgeHead, kind: z.literal('hid'), settings }).meta({
  title: 'HID',
  description: 'Takes what is pressed and moved at game pads, foot switches, shuttles, 3D mice and Stream Decks.',
});
export type HidBridge = z.infer<typeof hidBridgeSchema>;
