import type { ChannelKind } from './fixture.ts';
import type { Micros } from './units.ts';
import { z } from './zod.ts';

/** Where the state of the desk lives in the router, for any client: a float 0..1, and a switch. Absent: full, and lit. */
export const masterAddress = '/flyrail/dmx/master';
export const blackoutAddress = '/flyrail/dmx/blackout';
/** Before the address of a slot: `/flyrail/dmx/park/sacn/1/17`. A level parks the slot, null lets it go. */
export const parkPrefix = '/flyrail/dmx/park';

export const dmxPlaceSchema = z.strictObject({
  bridgeId: z.string().min(1).max(64),
  universe: z.int().min(0).max(63_999),
});
/** A universe of a bridge. */
export type DmxPlace = z.infer<typeof dmxPlaceSchema>;

export const slotPlaceSchema = dmxPlaceSchema.extend({ slot: z.int().min(1).max(512) });
export type SlotPlace = z.infer<typeof slotPlaceSchema>;

/** @param level null lets the slot go */
export const slotLevelSchema = slotPlaceSchema.extend({ level: z.int().min(0).max(255).nullable() });
export type SlotLevel = z.infer<typeof slotLevelSchema>;

/** A universe that runs, or that a bridge sends from its first level on. */
export interface UniverseEntry extends DmxPlace {
  readonly bridgeName: string;
  /** its number as operators know it: `5`, and of Art-Net as a node shows it too: `16 (0.1.0)` */
  readonly shown: string;
  /** false: it has not begun */
  readonly isRunning: boolean;
  /** out: the bridge sends it. in: it only hears it. */
  readonly direction: 'out' | 'in';
  readonly parked: number;
}

/** Who sends levels of a universe. */
export interface UniverseSource {
  /** `flyrail` for this one, else what tells it from others, such as its CID */
  readonly id: string;
  readonly name: string;
  /** 0..200; null where the protocol knows none */
  readonly priority: number | null;
  /** slots that it sends, and that it wins */
  readonly slots: number;
  readonly wins: number;
}

/** Bits of `UniverseView.flags`. */
export const slotFlags = {
  /** somebody asked for a level of it */
  asked: 1,
  parked: 2,
  /** another source sends it with as much priority, and another level */
  contested: 4,
  /** the grand master or the blackout changes it */
  reduced: 8,
  /** the soft patch leads here from another slot, or away */
  moved: 16,
} as const;

/** One universe. All bytes are 512 long, slot 1 first. */
export interface UniverseView extends DmxPlace {
  readonly direction: 'out' | 'in';
  /** false: it has not begun, and everything is dark */
  readonly isRunning: boolean;
  /** what leaves, or comes in */
  readonly levels: Uint8Array;
  /** what was asked for, before master, soft patch, blackout and park */
  readonly asked: Uint8Array;
  /** the index in `sources` of who wins the slot; 255 for nobody */
  readonly winners: Uint8Array;
  readonly flags: Uint8Array;
  readonly sources: readonly UniverseSource[];
  /** 0..1 */
  readonly master: number;
  readonly blackout: boolean;
}

/** One step of the way on which a level came, the last one first. */
export interface SlotDriver {
  readonly kind: 'client' | 'bridge' | 'mapping' | 'fixture' | 'hand' | 'flyrail';
  /** of the bridge, mapping or fixture; null for all else */
  readonly id: string | null;
  /** as an operator calls it: `PAR 5, dimmer`, `set 1`, `foh-desk`, `sent by hand` */
  readonly name: string;
  /** where it wrote */
  readonly address: string;
  readonly at: Micros | null;
}

/** One source of a slot. */
export interface SlotSource {
  readonly id: string;
  readonly name: string;
  readonly priority: number | null;
  readonly level: number;
  readonly wins: boolean;
}

/** The fixture that a slot belongs to. */
export interface SlotFixture {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** as `/fixtures/par-5/dimmer` */
  readonly address: string;
  readonly channel: string;
  readonly kind: ChannelKind;
  /** which byte of the channel the slot is: `coarse`, `fine` or `finest` */
  readonly byte: 'coarse' | 'fine' | 'finest';
  /** of the whole channel as it leaves, 0..1 */
  readonly value: number;
  /** what the profile says of this value; null where it says nothing */
  readonly range: string | null;
}

export interface SlotView extends SlotPlace {
  readonly direction: 'out' | 'in';
  /** what leaves, or comes in */
  readonly level: number;
  /** what was asked for at the slot whose level leaves here; null: nobody asked */
  readonly asked: number | null;
  /** null: not parked */
  readonly parked: number | null;
  /** the slot whose level leaves here, where that is another one; null for itself, and where nothing leads here */
  readonly from: { readonly universe: number; readonly slot: number } | null;
  readonly contested: boolean;
  readonly fixture: SlotFixture | null;
  /** who sends it, the winner first */
  readonly sources: readonly SlotSource[];
  /** who drives it inside Flyrail; empty where nobody asked for a level */
  readonly drivers: readonly SlotDriver[];
  /** the answer in one sentence: `PAR 5, dimmer drives it, by set 1 from foh-desk.` */
  readonly because: string;
}
