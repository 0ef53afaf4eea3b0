import { z } from '../zod.ts';
import { bridgeHead, hostSchema, networkCardSchema, portSchema, prefixSchema } from './bridge-head.ts';
import { floatsSchema, publishSchema } from './level-fields.ts';
import { portAddressMax } from './port-address.ts';
import { sharedUniverse, universesIn } from './universe-spans.ts';

const rangesMax = 64;
/** Port addresses of one bridge: each is a frame of 512 slots. */
const portAddressesMax = 1024;
const portAddressRepair = `A port address is a whole number 0–${portAddressMax}.`;
const portAddressSchema = z.int(portAddressRepair).min(0, portAddressRepair).max(portAddressMax, portAddressRepair);

const rangesSchema = z
  .array(
    z.strictObject({ first: portAddressSchema, last: portAddressSchema }).refine(({ first, last }) => first <= last, {
      path: ['last'],
      error: 'expected the same port address as first, or a later one',
    }),
  )
  .max(rangesMax)
  .refine(
    (ranges) => universesIn(ranges) <= portAddressesMax,
    `A bridge has ${portAddressesMax} port addresses at most. Make a second one for the rest.`,
  );

/** Art-Net 4: sends to nodes and receives from controllers. Port addresses count from 0; net, subnet and universe as on a node's
 *  display make one number: net × 256 + subnet × 16 + universe. */
export const artnetBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('artnet'),
  settings: z
    .strictObject({
      universes: rangesSchema.default([]).meta({
        title: 'sends port addresses',
        description: 'Counted from 0: net × 256 + subnet × 16 + universe. Each is sent from its first value on.',
        placeholder: '0-3, 16',
        repair: `Port addresses are 0–${portAddressMax}, as in 0-3, 16.`,
        control: 'universes',
        item: 'port address',
      }),
      receive: rangesSchema.default([]).meta({
        title: 'receives port addresses',
        description:
          'What controllers send there appears under the prefix. A port address is sent or received, not both.',
        placeholder: '4-7',
        repair: `Port addresses are 0–${portAddressMax}, as in 4-7.`,
        control: 'universes',
        item: 'port address',
      }),
      send: z
        .enum(['subscribers', 'hosts', 'broadcast'])
        .default('subscribers')
        .meta({
          title: 'sends to',
          description:
            'Nodes tell which port addresses they put out. Old ones that do not answer want a host or broadcast.',
          choices: {
            subscribers: 'The nodes that ask for it',
            hosts: 'These hosts',
            broadcast: 'Everybody on the network',
          },
        }),
      hosts: z
        .array(hostSchema)
        .max(64)
        .default([])
        .meta({
          title: 'hosts',
          description: 'Each gets every port address that is sent.',
          placeholder: '10.0.0.9, dimmer-left',
          repair: 'Name hosts by address or name, parted by commas.',
          control: 'hosts',
          when: { send: ['hosts'] },
        }),
      networkCard: networkCardSchema.meta({
        description: 'Sends and listens on the network of this card alone. Empty: on all of them.',
      }),
      prefix: prefixSchema.default('/artnet').meta({ example: '{value}/3/17 is slot 17 of port address 3.' }),
      floats: floatsSchema,
      publish: publishSchema,
      merge: z
        .enum(['htp', 'ltp'])
        .default('htp')
        .meta({
          title: 'two sources merge by',
          description: 'When two controllers send one port address. A third one is not heard.',
          choices: { htp: 'HTP, the highest level', ltp: 'LTP, the latest change' },
        }),
      sync: z.boolean().default(false).meta({
        title: 'sends ArtSync',
        description: 'Nodes hold what they get and put it out together. For pixels and video over many port addresses.',
        advanced: true,
      }),
      sequence: z.boolean().default(true).meta({
        title: 'counts its packets',
        description: 'Nodes leave out packets that were overtaken. Off for old nodes that stop at it.',
        advanced: true,
      }),
      keepAliveMs: z.int().min(800).max(4000).default(850).meta({
        title: 'repeats an unchanged frame after',
        description: 'Some nodes go dark after a second without a packet; Art-Net allows four.',
        unit: 'ms',
        repair: 'Between 800 and 4000 ms.',
        advanced: true,
      }),
      nodeName: z.string().min(1).max(17).default('Flyrail').meta({
        title: 'name on the network',
        description: 'What controllers and other programs list it as.',
        repair: '1–17 letters.',
        advanced: true,
      }),
      port: portSchema.default(6454).meta({
        title: 'UDP port',
        description: 'Art-Net is 6454 everywhere.',
        repair: 'A port is a whole number 1–65535.',
        advanced: true,
      }),
    })
    .check(({ value: { universes, receive }, issues }) => {
      const refuse = (path: 'universes' | 'receive', message: string): void =>
        void issues.push({ code: 'custom', path: [path], message, input: { universes, receive } });
      if (universes.length + receive.length === 0)
        refuse('universes', 'Name a port address that it sends or receives.');
      const both = sharedUniverse(universes, receive);
      if (both !== undefined)
        refuse('receive', `Port address ${both} is sent and received. Keep it in one of the two.`);
    }),
});
export type ArtnetBridge = z.infer<typeof artnetBridgeSchema>;
