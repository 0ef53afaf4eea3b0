import {
  dmxPlaceSchema,
  slotLevelSchema,
  slotPlaceSchema,
  type DmxPlace,
  type SlotLevel,
  type SlotPlace,
  type SlotView,
  type UniverseEntry,
  type UniverseView,
} from './dmx.ts';
import { z } from './zod.ts';

/** The arguments of the commands on DMX. */
export const dmxArguments = {
  listUniverses: z.undefined(),
  inspectUniverse: dmxPlaceSchema,
  inspectSlot: slotPlaceSchema,
  watchUniverse: dmxPlaceSchema,
  unwatchUniverse: z.undefined(),
  setMaster: z.strictObject({ level: z.number().min(0).max(1) }),
  setBlackout: z.strictObject({ on: z.boolean() }),
  parkSlot: slotLevelSchema,
  unparkAll: z.undefined(),
  testSlot: slotLevelSchema,
} as const;

/** What an operator does at the desk. A bridge that the show does not have is refused with 'unknown-id'. */
export interface DmxCommands {
  /** universes that run, by bridge */
  listUniverses(): Promise<readonly UniverseEntry[]>;
  inspectUniverse(place: DmxPlace): Promise<UniverseView>;
  /** who drives a slot, and what it belongs to */
  inspectSlot(place: SlotPlace): Promise<SlotView>;
  /** 'universe' events for this client begin, or go on with another universe */
  watchUniverse(place: DmxPlace): Promise<void>;
  unwatchUniverse(): Promise<void>;
  /** as a param at `masterAddress`; refused with 'param-locked' while a client holds it */
  setMaster(args: { level: number }): Promise<void>;
  /** as a param at `blackoutAddress` */
  setBlackout(args: { on: boolean }): Promise<void>;
  /** keeps a slot at a level, over everything, until it is let go by null */
  parkSlot(place: SlotLevel): Promise<void>;
  unparkAll(): Promise<void>;
  /** keeps a slot at a level for two seconds, to be asked for again while a key is held; null ends it */
  testSlot(place: SlotLevel): Promise<void>;
}
