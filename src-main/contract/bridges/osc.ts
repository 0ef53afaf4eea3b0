import { tryPattern } from '../address.ts';
import { z } from '../zod.ts';
import {
  addressTextSchema,
  bridgeHead,
  hostSchema,
  networkCardSchema,
  portSchema,
  prefixSchema,
} from './bridge-head.ts';

export const oscTargetsMax = 32;
export const oscRulesMax = 256;

/** One letter for each argument, as OSC 1.0 and 1.1 name them; T stands for T and F. */
const tagsPattern = /^(none|[ifhdsSbTNIcrmt]{1,64})$/;

const patternSchema = addressTextSchema
  .refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /fader/*')
  .meta({
    title: 'addresses',
    description: 'Addresses as the device has them, without the prefix: * is one part, ** is any number of them.',
    placeholder: '/fader/*',
    repair: 'A pattern such as /fader/*.',
  });

const targetSchema = z.strictObject({
  host: hostSchema.meta({
    title: 'host',
    description: 'Name or IP address; a broadcast or multicast address reaches many.',
    placeholder: '10.0.0.21',
    repair: 'A host name or an IP address, as in 10.0.0.21.',
    control: 'host',
  }),
  port: portSchema.meta({
    title: 'port',
    description: 'Where the device listens.',
    placeholder: '9000',
    repair: 'A port is a whole number from 1 to 65535.',
  }),
});

const kindSchema = z.strictObject({
  pattern: patternSchema,
  as: z.enum(['param', 'event', 'stream']).meta({
    title: 'comes in as',
    description: 'What a message that these addresses cover becomes.',
    choices: { param: 'Param: stays', event: 'Event: happens once', stream: 'Stream: flows' },
  }),
});

const typeSchema = z.strictObject({
  pattern: patternSchema,
  as: z.string().regex(tagsPattern, 'expected none, or letters of ifhdsSbTNIcrmt').meta({
    title: 'leaves as',
    description:
      'One letter for each argument: i h whole numbers, f d floats, s S text, b bytes, T switch, r colour, m MIDI, c letter, t time, I bang, N nil; none for no argument.',
    placeholder: 'if',
    repair: 'Letters of ifhdsSbTNIcrmt, or none.',
  }),
});

const udpOnly = { transport: ['udp'] };
const tcpOnly = { transport: ['tcp'] };
const hears = { direction: ['in', 'both'] };
const speaks = { direction: ['out', 'both'] };

export const oscBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('osc'),
  settings: z.strictObject({
    direction: z
      .enum(['in', 'out', 'both'])
      .default('both')
      .meta({
        title: 'direction',
        description: 'Whether it listens, sends, or both.',
        choices: { both: 'In and out', in: 'In: listen', out: 'Out: send' },
      }),
    transport: z
      .enum(['udp', 'tcp'])
      .default('udp')
      .meta({
        title: 'transport',
        description: 'Nearly every OSC device speaks UDP; over TCP nothing gets lost on the way.',
        choices: { udp: 'UDP', tcp: 'TCP' },
      }),
    /** how packets are told apart in a TCP stream */
    framing: z
      .enum(['slip', 'length'])
      .default('slip')
      .meta({
        title: 'framing',
        description: 'As the other end is set: OSC 1.1 is SLIP, OSC 1.0 puts the length before each packet.',
        choices: { slip: 'SLIP (OSC 1.1)', length: 'Length first (OSC 1.0)' },
        when: tcpOnly,
      }),
    /** which end opens TCP connections; both directions use each connection */
    role: z
      .enum(['both', 'listen', 'connect'])
      .default('both')
      .meta({
        title: 'who connects',
        description: 'Either end can open a TCP connection; both ends speak on it.',
        choices: {
          both: 'Others to Flyrail, and Flyrail to its targets',
          listen: 'Others to Flyrail',
          connect: 'Flyrail to its targets',
        },
        when: tcpOnly,
      }),
    listenHost: hostSchema.default('0.0.0.0').meta({
      title: 'listens at',
      description: 'An address of this machine; 0.0.0.0 is all of them, or those of the network card below.',
      placeholder: '0.0.0.0',
      repair: 'An IP address of this machine, or 0.0.0.0.',
      control: 'host',
      when: hears,
    }),
    listenPort: portSchema.default(8000).meta({
      title: 'listens on port',
      description: 'Where the devices send to, or connect to.',
      placeholder: '8000',
      repair: 'A port is a whole number from 1 to 65535.',
      when: hears,
    }),
    /** name or address of the card to listen on and to send from; empty leaves it to the system */
    networkCard: networkCardSchema.meta({
      description: 'Listens and sends on this card alone; empty leaves it to the system.',
    }),
    /** IPv4 multicast groups that are heard too */
    groups: z
      .array(z.ipv4().refine(isGroup, 'expected a multicast group, 224.0.0.0 to 239.255.255.255'))
      .max(16)
      .default([])
      .meta({
        title: 'multicast groups',
        description: 'Groups that are heard beside what is sent to this machine.',
        placeholder: '239.1.2.3',
        repair: 'A group is an address from 224.0.0.0 to 239.255.255.255.',
        when: { ...udpOnly, ...hears },
        advanced: true,
      }),
    targets: z.array(targetSchema).max(oscTargetsMax).default([]).meta({
      title: 'sends to',
      description: 'Each gets everything; one that is away disturbs no other.',
      item: 'target',
      when: speaks,
    }),
    /** own: a socket for each target, which hears when nobody is there. listen: all from the port it listens on */
    sendFrom: z
      .enum(['own', 'listen'])
      .default('own')
      .meta({
        title: 'sends from',
        description: 'From a port of its own for each target Flyrail can tell when nobody listens there.',
        choices: { own: 'A port of its own for each target', listen: 'The port it listens on' },
        when: { ...udpOnly, ...speaks },
        advanced: true,
      }),
    /** who is sent to beside the targets: those that spoke within `answerSeconds`, at the port they sent from */
    answer: z
      .enum(['nobody', 'last', 'all'])
      .default('nobody')
      .meta({
        title: 'answers',
        description: 'Sends to those that spoke to this bridge too, at the port they sent from.',
        choices: { nobody: 'Nobody', last: 'Who spoke last', all: 'All who spoke lately' },
        when: { ...udpOnly, direction: ['both'] },
      }),
    answerSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(60)
      .meta({
        title: 'answers for',
        unit: 's',
        description: 'Who was silent for longer is not sent to any more.',
        repair: 'A whole number of seconds from 1 to 86400.',
        when: { answer: ['last', 'all'] },
        advanced: true,
      }),
    /** where its addresses live in the router: `/x` of the device is `<prefix>/x` here */
    prefix: prefixSchema.default('/osc').meta({ example: '/fader/1 of the device is {value}/fader/1 here.' }),
    /** the first that covers an address decides; without one, messages that carry nothing, I or N are events, others params */
    kinds: z.array(kindSchema).max(oscRulesMax).default([]).meta({
      title: 'kinds of what comes in',
      description: 'Without a rule a message sets a param, and one without a value is an event.',
      item: 'rule',
      when: hears,
      advanced: true,
    }),
    /** the first that covers an address decides; without one whole numbers leave as i, others as f */
    types: z.array(typeSchema).max(oscRulesMax).default([]).meta({
      title: 'types of what goes out',
      description: 'Without a rule whole numbers leave as i, other numbers as f.',
      item: 'rule',
      when: speaks,
      advanced: true,
    }),
    /** how the text of arguments is written; with utf-8, what comes in and is not is read as Latin-1 */
    text: z
      .enum(['utf-8', 'latin-1'])
      .default('utf-8')
      .meta({
        title: 'text is',
        description:
          'How the device writes text. Older desks write Latin-1; such text is also read where this says UTF-8.',
        choices: { 'utf-8': 'UTF-8', 'latin-1': 'Latin-1 (ISO 8859-1)' },
        advanced: true,
      }),
    /** batch: what changes together leaves as one bundle */
    bundles: z
      .enum(['never', 'batch'])
      .default('never')
      .meta({
        title: 'bundles',
        description: 'What changes together can leave as one bundle, which the device does at once.',
        choices: { never: 'Each message by itself', batch: 'What changes together in one bundle' },
        when: speaks,
        advanced: true,
      }),
    /** how far ahead of its leaving a bundle is timed; 0 says "immediately" */
    bundleAheadMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(0)
      .meta({
        title: 'bundles are timed ahead by',
        unit: 'ms',
        description: 'For devices with a clock of their own: evens out the network. 0 is at once.',
        repair: 'A whole number of milliseconds from 0 to 10000.',
        when: { bundles: ['batch'] },
        advanced: true,
      }),
  }),
});
export type OscBridge = z.infer<typeof oscBridgeSchema>;
export type OscSettings = OscBridge['settings'];

function isGroup(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return first >= 224 && first <= 239;
}
