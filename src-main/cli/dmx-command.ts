import { resolve } from 'node:path';
import { dmxKinds } from '../contract/bridges/bridge.ts';
import type { DmxPlace, UniverseEntry } from '../contract/dmx.ts';
import type { EngineApi } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { formatSlot, formatUniverse, formatUniverses } from './dmx-lines.ts';
import { print } from './print.ts';
import { linkToEngine } from './with-engine.ts';

const usage = `flyrail dmx: what leaves on DMX, who drives it, and the hands on it, of the Flyrail that runs on this machine

  flyrail dmx [UNIVERSE] [--json]
      the levels of a universe as a table; without UNIVERSE those that run
  flyrail dmx who UNIVERSE SLOT [--json]
      who drives a slot, and what it belongs to
  flyrail dmx master LEVEL [--json]
      the grand master, 0.0 to 1.0
  flyrail dmx blackout on|off [--json]
      everything dark and held, or as it was asked for meanwhile
  flyrail dmx park UNIVERSE SLOT LEVEL [--json]
      keep a slot at 0 to 255 whatever comes, over master and blackout
  flyrail dmx unpark UNIVERSE SLOT [--json]
  flyrail dmx unpark --all [--json]
      let it go, or everything that is parked

  --bridge ID   the bridge that is meant, by its id; needed where several have the universe
  --data DIR    the data folder of the Flyrail that is meant
`;

const options = {
  bridge: { type: 'string' },
  all: { type: 'boolean' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Asked {
  readonly engine: EngineApi;
  readonly words: readonly string[];
  readonly bridge: string | undefined;
  readonly all: boolean;
}

/** What to print: for people, and as JSON. */
interface Told {
  readonly text: string;
  readonly json: unknown;
}

/** Runs `flyrail dmx …`.
 *  @throws AppError with one sentence */
export async function runDmxCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('dmx', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (values.data === '') throw badFlag('dmx', '--data: expected a path');
  const [verb = ''] = positionals;
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : show;
  const words = run === show ? positionals : positionals.slice(1);
  if (values.all && verb !== 'unpark') throw badFlag('dmx', '--all goes with unpark');
  const plan = (run ?? show)(words, values.all ?? false);
  const link = await linkToEngine(dataPaths(resolve(values.data ?? defaultDataFolder())));
  try {
    const asked = { engine: link.engine, words, bridge: values.bridge, all: values.all ?? false };
    const { text, json } = await plan(asked);
    await print(io.stdout, values.json ? `${JSON.stringify(json)}\n` : text);
    return exitCode.ok;
  } finally {
    link.close();
  }
}

/** Judges the words before anybody is asked. */
type Verb = (words: readonly string[], all: boolean) => (asked: Asked) => Promise<Told>;

const show: Verb = (words) => {
  if (words.length === 0) return listUniverses;
  const universe = wholeOf('UNIVERSE', words[0], [0, 63_999]);
  expectCount(words, 1);
  return async ({ engine, bridge }) => {
    const view = await engine.inspectUniverse(await placeOf(engine, universe, bridge));
    const { levels, asked, winners, flags, ...rest } = view;
    const json = { ...rest, levels: [...levels], asked: [...asked], winners: [...winners], flags: [...flags] };
    return { text: formatUniverse(view), json };
  };
};

const verbs: Readonly<Record<string, Verb>> = {
  who: (words) => {
    const [universe, slot] = slotOf(words, 2);
    return async ({ engine, bridge }) => {
      const view = await engine.inspectSlot({ ...(await placeOf(engine, universe, bridge)), slot });
      return { text: formatSlot(view), json: view };
    };
  },
  master: (words) => {
    const [text = ''] = words;
    const level = Number(text);
    if (!/^\d*\.?\d+$/.test(text) || level > 1) throw badFlag('dmx', 'LEVEL: expected a number from 0.0 to 1.0');
    expectCount(words, 1);
    return async ({ engine }) => {
      await engine.setMaster({ level });
      return { text: `Grand master at ${(level * 100).toFixed(0)} %.\n`, json: { master: level } };
    };
  },
  blackout: (words) => {
    const [word] = words;
    if (word !== 'on' && word !== 'off') throw badFlag('dmx', 'expected blackout on or blackout off');
    expectCount(words, 1);
    const on = word === 'on';
    return async ({ engine }) => {
      await engine.setBlackout({ on });
      return { text: on ? 'Blackout. It holds until blackout off.\n' : 'Blackout released.\n', json: { blackout: on } };
    };
  },
  park: (words) => {
    const [universe, slot] = slotOf(words, 3);
    const level = wholeOf('LEVEL', words[2], [0, 255]);
    return async ({ engine, bridge }) => {
      const place = { ...(await placeOf(engine, universe, bridge)), slot, level };
      await engine.parkSlot(place);
      return { text: `${universe}.${slot} parked at ${level}.\n`, json: place };
    };
  },
  unpark: (words, all) => {
    if (all) {
      expectCount(words, 0);
      return async ({ engine }) => {
        await engine.unparkAll();
        return { text: 'Nothing is parked any more.\n', json: { parked: 0 } };
      };
    }
    const [universe, slot] = slotOf(words, 2);
    return async ({ engine, bridge }) => {
      const place = { ...(await placeOf(engine, universe, bridge)), slot, level: null };
      await engine.parkSlot(place);
      return { text: `${universe}.${slot} is not parked any more.\n`, json: place };
    };
  },
};

async function listUniverses({ engine }: Asked): Promise<Told> {
  const entries = await engine.listUniverses();
  return { text: formatUniverses(entries), json: entries };
}

/** The bridge that has a universe: the one named, else the one that runs it, else the one that sends it, else the only one
 *  for DMX in the show. */
async function placeOf(engine: EngineApi, universe: number, bridge: string | undefined): Promise<DmxPlace> {
  if (bridge !== undefined) return { bridgeId: bridge, universe };
  const listed = (await engine.listUniverses()).filter((entry: UniverseEntry) => entry.universe === universe);
  const running = listed.filter(({ isRunning }) => isRunning);
  const found = [...new Set((running.length > 0 ? running : listed).map(({ bridgeId }) => bridgeId))];
  const { document } = await engine.snapshot();
  const sending = document.bridges.filter(({ kind }) => dmxKinds.has(kind)).map(({ id }) => id);
  const candidates = found.length > 0 ? found : sending;
  const [only, ...others] = candidates;
  if (only === undefined) throw new InputError('unknown-id', 'The show has no bridge for DMX.');
  if (others.length > 0)
    throw badFlag('dmx', `Universe ${universe} could be of ${candidates.join(', ')}: name one with --bridge`);
  return { bridgeId: only, universe };
}

function slotOf(words: readonly string[], count: number): readonly [universe: number, slot: number] {
  const universe = wholeOf('UNIVERSE', words[0], [0, 63_999]);
  const slot = wholeOf('SLOT', words[1], [1, 512]);
  expectCount(words, count);
  return [universe, slot];
}

function wholeOf(name: string, word: string | undefined, [min, max]: readonly [number, number]): number {
  const number = Number(word);
  if (word === undefined || !/^\d{1,5}$/.test(word) || number < min || number > max)
    throw badFlag('dmx', `${name}: expected a whole number from ${min} to ${max}`);
  return number;
}

function expectCount(words: readonly string[], count: number): void {
  if (words.length > count) throw badFlag('dmx', `expected nothing behind ${words[count - 1] ?? 'it'}`);
}
