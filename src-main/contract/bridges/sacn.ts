import { z } from '../zod.ts';
import { bridgeHead, hostSchema, networkCardSchema, portSchema, prefixSchema } from './bridge-head.ts';
import { floatsSchema, publishSchema } from './level-fields.ts';
import { sharedUniverse, universesIn } from './universe-spans.ts';

const universeRepair = 'Universes are 1–63999, as in 1-4, 7.';
/** Universes that one bridge receives: each is a frame of 512 slots and a group of the network. */
const receivedMax = 1024;

const universeSchema = z.int().min(1).max(63_999);
const prioritySchema = z.int().min(0).max(200).meta({
  title: 'priority',
  description: 'Receivers follow the highest.',
  unit: '0–200',
  repair: 'A whole number from 0 to 200; 100 is usual.',
});
const spanSchema = z
  .strictObject({ first: universeSchema, last: universeSchema })
  .refine(({ first, last }) => first <= last, {
    path: ['last'],
    error: 'expected the same universe as first, or a later one',
  });
const spansSchema = z.array(spanSchema).max(64).default([]);

/** Streaming ACN, E1.31-2018: universes to the network and from it. */
export const sacnBridgeSchema = z.strictObject({
  ...bridgeHead,
  kind: z.literal('sacn'),
  settings: z
    .strictObject({
      /** ranges of universes 1..63999 with the priority 0..200 each is sent at */
      universes: z
        .array(
          z
            .strictObject({ first: universeSchema, last: universeSchema, priority: prioritySchema })
            .refine(({ first, last }) => first <= last, {
              path: ['last'],
              error: 'expected the same universe as first, or a later one',
            }),
        )
        .max(64)
        .default([])
        .meta({
          title: 'universes',
          description: 'Several as 1-4, 7; 7@120 gives 7 a priority of its own.',
          control: 'universes',
        }),
      receive: spansSchema.meta({
        title: 'receives universes',
        description: 'What others send there appears under the prefix. A universe is sent or received, not both.',
        placeholder: '5-8',
        repair: universeRepair,
        control: 'universes',
      }),
      mode: z
        .enum(['multicast', 'unicast'])
        .default('multicast')
        .meta({
          title: 'sends to',
          description: 'Everyone who listens, or the receivers that are named.',
          choices: { multicast: 'Everyone on the network (multicast)', unicast: 'Named receivers (unicast)' },
        }),
      /** hosts that get every universe, when mode is 'unicast' */
      unicastTo: z
        .array(hostSchema)
        .max(64)
        .default([])
        .meta({
          title: 'receivers',
          description: 'Each gets every universe.',
          placeholder: '10.0.0.5, 10.0.0.6',
          control: 'hosts',
          when: { mode: ['unicast'] },
        }),
      /** name or address of the network card to send and to receive by; empty: the system's choice to send, all to receive */
      networkCard: networkCardSchema.meta({ description: 'The card that the lighting network is on.' }),
      sourceName: z.string().min(1).max(60).default('Flyrail').meta({
        title: 'source name',
        description: 'As receivers list it.',
        repair: 'A name of 1 to 60 letters, as receivers list it.',
      }),
      /** component identifier: a UUID that stays with this bridge for life */
      cid: z.uuid('expected a UUID such as 0b8e7c1a-52f3-4c0e-9d5e-6f1f4f3a9b21').meta({
        title: 'component identifier',
        description: 'Made once. Receivers know this output by it for life.',
        control: 'identity',
      }),
      port: portSchema.default(5568).meta({ title: 'UDP port', description: 'sACN is 5568 by the standard.' }),
      prefix: prefixSchema.default('/sacn').meta({ example: '{value}/1/17 is slot 17 of universe 1.' }),
      floats: floatsSchema,
      publish: publishSchema,
      merge: z
        .enum(['htp', 'ltp'])
        .default('htp')
        .meta({
          title: 'equal priorities merge by',
          description: 'The highest priority wins a slot; this decides between sources of the same one.',
          choices: { htp: 'HTP, the highest level', ltp: 'LTP, the latest change' },
        }),
      /** universes that merge by the other one of htp and ltp */
      mergeOther: spansSchema.meta({
        title: 'other way round in',
        description: 'Universes that merge by the other of the two rules.',
        placeholder: '8',
        repair: universeRepair,
        control: 'universes',
        advanced: true,
      }),
      settleMs: z.int().min(0).max(10_000).default(1500).meta({
        title: 'listens first for',
        description: 'A universe, or a source that comes later, counts after this time, so that nothing flashes.',
        unit: 'ms',
        repair: 'Between 0 and 10000 ms.',
        advanced: true,
      }),
      sourcesMax: z.int().min(1).max(32).default(8).meta({
        title: 'sources of one universe',
        description: 'Those of the highest priority are heard, the others counted.',
        repair: 'Between 1 and 32.',
        advanced: true,
      }),
      takesPreview: z.boolean().default(false).meta({
        title: 'takes preview levels',
        description: 'Levels that a console sends for its visualiser, not for lamps.',
        advanced: true,
      }),
      followsSync: z.boolean().default(true).meta({
        title: 'waits for sync packets',
        description: 'Where a console asks for it, its universes change together.',
        advanced: true,
      }),
      watch: z.boolean().default(true).meta({
        title: 'watches who else sends',
        description: 'Hears the universes that are sent here, and says who sends them too.',
        advanced: true,
      }),
      preview: z.boolean().default(false).meta({
        title: 'sends as preview',
        description: 'For visualisers: lamps leave it out.',
        advanced: true,
      }),
      /** universe whose sync packets receivers wait for; 0 for none */
      syncUniverse: z.int().min(0).max(63_999).default(0).meta({
        title: 'sync universe',
        description: 'Receivers show all universes together when its packet comes; 0 for no sync.',
        repair: 'A universe 1–63999, or 0 for none.',
        advanced: true,
      }),
      /** slots sent with a priority of their own, by packets of start code 0xDD; the others have the universe's */
      slotPriorities: z
        .array(
          z
            .strictObject({
              universe: universeSchema.meta({ title: 'universe', description: 'One that is sent.' }),
              first: z.int().min(1).max(512).meta({ title: 'first slot', description: 'From 1 to 512.' }),
              last: z.int().min(1).max(512).meta({ title: 'last slot', description: 'From the first one to 512.' }),
              priority: prioritySchema,
            })
            .refine(({ first, last }) => first <= last, {
              path: ['last'],
              error: 'expected the same slot as first, or a later one',
            }),
        )
        .max(256)
        .default([])
        .meta({
          title: 'slot priorities',
          description:
            'Slots with a priority of their own; 0 leaves a slot to others. Later lines go before earlier ones.',
          item: 'line',
          advanced: true,
        }),
    })
    .check(({ value, issues }) => {
      const refuse = (path: 'universes' | 'receive', message: string): void =>
        void issues.push({ code: 'custom', path: [path], message, input: value[path] });
      if (value.universes.length + value.receive.length === 0)
        refuse('universes', 'Name a universe to send or receive.');
      if (universesIn(value.receive) > receivedMax)
        refuse('receive', `A bridge receives ${receivedMax} universes at most. Make a second one for the rest.`);
      const both = sharedUniverse(value.universes, value.receive);
      if (both !== undefined) refuse('receive', `Universe ${both} is sent and received. Keep it in one of the two.`);
    }),
});
export type SacnBridge = z.infer<typeof sacnBridgeSchema>;
