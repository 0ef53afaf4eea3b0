import type { Bridge, BridgeKind } from '../../../src-main/contract/show.ts';
import { newId } from '../../engine/show-ids.ts';
import { rangesMeet, universeMax } from '../universe-ranges.ts';

export type SettingsOf<K extends BridgeKind> = Extract<Bridge, { kind: K }>['settings'];

/** What the window knows of one kind of bridge beyond its schema: a file beside this one and a line in `kinds.ts`. */
export interface KindRecord<Settings> {
  /** as operators call it: `sACN` */
  readonly word: string;
  /** Settings that work as they are for one more bridge; what has a default in the schema may be left out. */
  fresh(free: FreeThings): Partial<Settings>;
  /** What it does in a plain sentence or two; else what the schema says of the kind. */
  sentence?(settings: Settings): string;
  /** Where it listens or sends, as an operator writes it, before the first status; else where its addresses begin. */
  url?(settings: Settings): string;
  /** An address of it that a test is sent to first; else the first that anybody names under its prefix. */
  testAddress?(settings: Settings): string | undefined;
  /** Whether nothing that is sent to it goes anywhere: no test is offered. */
  onlyReads?(settings: Settings): boolean;
  /** What a setting wants beyond its schema, as a repair; undefined for what will do. */
  repair?(name: string, value: unknown): string | undefined;
  /** What wants a look at a setting beside the other bridges of the show; it keeps nobody from adding the bridge. */
  look?(own: Bridge & { settings: Settings }, bridges: readonly Bridge[]): Readonly<Record<string, string | undefined>>;
}

/** What no other bridge of the show uses. */
export interface FreeThings {
  /** @param wanted `/osc`, else `/osc-2`, `/osc-3` … */
  prefix(wanted: string): string;
  /** the first from this one on that no bridge listens on */
  port(from: number): number;
  universe(): number;
  id(): string;
}

/** @param makeId makes a UUID */
export function freeThings(bridges: readonly Bridge[], makeId = newId): FreeThings {
  const settings: readonly Readonly<Record<string, unknown>>[] = bridges.map((bridge) => ({ ...bridge.settings }));
  return {
    id: makeId,
    prefix: (wanted) => firstFree(wanted, new Set(bridges.map((bridge) => bridge.settings.prefix))),
    port: (from) => {
      const taken = new Set(settings.map(({ listenPort }) => listenPort));
      let port = from;
      while (taken.has(port)) port++;
      return port;
    },
    universe: () => {
      const taken = settings.flatMap(({ universes, receive }) => [...spansIn(universes), ...spansIn(receive)]);
      let universe = 1;
      while (universe < universeMax && taken.some((span) => rangesMeet(span, { first: universe, last: universe })))
        universe++;
      return universe;
    },
  };
}

/** `wanted`, else `wanted-2`, `wanted-3` … */
export function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let count = 2;
  while (taken.has(`${wanted}-${count}`)) count++;
  return `${wanted}-${count}`;
}

/** An address that the first of these rules covers, for a test; undefined where the rule covers all, or there is none.
 *  @param rules each with a pattern under the prefix: `/lamp/*` */
export function coveredAddress(prefix: string, rules: readonly { readonly from: string }[]): string | undefined {
  const [rule] = rules;
  return !rule || rule.from === '/**' ? undefined : `${prefix}${rule.from.replace(/\*+/g, '1')}`;
}

/** Universes as kinds write them: spans, or numbers. */
function spansIn(universes: unknown): { first: number; last: number }[] {
  if (!Array.isArray(universes)) return [];
  return universes.flatMap((each: unknown) => {
    if (typeof each === 'number') return { first: each, last: each };
    const { first, last } = { ...(each as { first?: unknown; last?: unknown }) };
    return typeof first === 'number' && typeof last === 'number' ? { first, last } : [];
  });
}
