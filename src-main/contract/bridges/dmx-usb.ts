import { z } from '../zod.ts';
import { bridgeHead, prefixSchema } from './bridge-head.ts';
import { floatsSchema, publishSchema } from './level-fields.ts';
import { serialPortNameSchema } from './serial-port-name.ts';

const universeSchema = z.int().min(1).max(63_999);

/** A DMX512 line at a USB interface. */
export const dmxUsbBridgeSchema = z
  .strictObject({
    ...bridgeHead,
    kind: z.literal('dmx-usb'),
    settings: z
      .strictObject({
        port: serialPortNameSchema.meta({
          title: 'port',
          description:
            'The USB interface. One with a serial number is found again wherever it is plugged in; any other goes by its path.',
          placeholder: 'usb=0403:6001:EN123456',
          control: 'serial-port',
          repair: 'Choose a port, or give its path: /dev/ttyUSB0, COM3, usb=0403:6001:EN123456.',
        }),
        driver: z
          .enum(['enttec-pro', 'open-dmx'])
          .default('enttec-pro')
          .meta({
            title: 'interface',
            description: 'A DMXking ultraDMX is compatible. If it does not answer as a USB Pro, the status says so.',
            choices: {
              'enttec-pro': 'ENTTEC USB Pro or compatible',
              'open-dmx': 'Open DMX USB (FTDI cable)',
            },
          }),
        direction: z
          .enum(['out', 'in'])
          .default('out')
          .meta({
            title: 'direction',
            description: 'A USB Pro either sends or receives. Open DMX only sends.',
            choices: { out: 'Send DMX', in: 'Receive DMX' },
          }),
        universe: universeSchema.default(1).meta({
          title: 'universe',
          description: 'Its slots are at the prefix, then this number, then the slot: /dmx/1/17.',
          placeholder: '1',
          repair: 'A universe is a whole number from 1 to 63999.',
        }),
        secondUniverse: universeSchema
          .nullable()
          .default(null)
          .meta({
            title: 'second universe',
            description: 'For the second output of a DMXking ultraDMX; nothing for any other interface.',
            repair: 'A universe is a whole number from 1 to 63999; leave it empty for one output.',
            when: { driver: ['enttec-pro'], direction: ['out'] },
            advanced: true,
          }),
        prefix: prefixSchema.default('/dmx').meta({ example: 'Slot 17 of universe 1 is {value}/1/17.' }),
        rate: z
          .int()
          .min(1)
          .max(44)
          .default(40)
          .meta({
            title: 'refresh',
            description:
              'Frames a second, sent all the time; 40 at the most by a USB Pro itself. Old dimmers may want fewer.',
            unit: 'Hz',
            repair: 'The refresh is a whole number from 1 to 44 Hz.',
            when: { direction: ['out'] },
          }),
        floats: floatsSchema.meta({ when: { direction: ['out'] } }),
        slots: z
          .int()
          .min(24)
          .max(512)
          .default(512)
          .meta({
            title: 'slots',
            description: 'How many slots each frame has. Fewer make shorter frames.',
            unit: '24–512',
            repair: 'A frame has 24 to 512 slots.',
            when: { direction: ['out'] },
            advanced: true,
          }),
        breakMicros: z
          .int()
          .min(92)
          .max(1300)
          .nullable()
          .default(null)
          .meta({
            title: 'break',
            description: 'How long the line is held low before each frame, at least. Empty leaves it to the interface.',
            unit: 'µs',
            repair: 'A break is 92 to 1300 µs; leave it empty for the usual one.',
            when: { direction: ['out'] },
            advanced: true,
          }),
        markMicros: z
          .int()
          .min(12)
          .max(1300)
          .nullable()
          .default(null)
          .meta({
            title: 'mark after break',
            description: 'How long the line rests between break and frame, at least. Empty leaves it to the interface.',
            unit: 'µs',
            repair: 'A mark after break is 12 to 1300 µs; leave it empty for the usual one.',
            when: { direction: ['out'] },
            advanced: true,
          }),
        breakBy: z
          .enum(['auto', 'line', 'baud'])
          .default('auto')
          .meta({
            title: 'break made by',
            description:
              'How an Open DMX interface makes its break. Choose the speed where the chip knows no line break.',
            choices: { auto: 'What works', line: 'Line break', baud: 'A slow zero byte' },
            when: { driver: ['open-dmx'] },
            advanced: true,
          }),
        receive: z
          .enum(['all', 'changes'])
          .default('all')
          .meta({
            title: 'device reports',
            description: 'All frames tell at once when the line falls silent; changes keep the USB quiet.',
            choices: { all: 'Every frame', changes: 'Changes only' },
            when: { direction: ['in'] },
            advanced: true,
          }),
        publish: publishSchema.meta({ when: { direction: ['in'] }, advanced: true }),
      })
      .refine(({ driver, direction }) => driver !== 'open-dmx' || direction === 'out', {
        path: ['direction'],
        error: 'Open DMX only sends: choose Send DMX, or a USB Pro.',
      })
      .refine(({ universe, secondUniverse }) => universe !== secondUniverse, {
        path: ['secondUniverse'],
        error: 'The second output has a universe of its own.',
      })
      .refine(
        ({ driver, direction, secondUniverse }) =>
          secondUniverse === null || (driver === 'enttec-pro' && direction === 'out'),
        { path: ['secondUniverse'], error: 'Only a USB Pro that sends has a second output.' },
      ),
  })
  .meta({
    title: 'DMX USB',
    description: 'Sends a universe to lights by a DMX interface on USB, or receives one from a desk.',
  });
export type DmxUsbBridge = z.infer<typeof dmxUsbBridgeSchema>;
