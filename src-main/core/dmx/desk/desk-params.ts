import { blackoutAddress, masterAddress, parkPrefix } from '../../../contract/dmx.ts';
import type { Address } from '../../../contract/address.ts';
import { tryNumber, type Value } from '../../../contract/signal.ts';
import { slotsPerUniverse } from '../dmx-address.ts';
import { tryLevel } from '../universe-frame.ts';

/** What a value asks of the desk, or why it asks nothing. */
export type DeskWish =
  | { readonly is: 'master'; readonly level: number }
  | { readonly is: 'blackout'; readonly on: boolean }
  /** `slot` is the slot's own address; level 0..255, undefined lets it go */
  | { readonly is: 'park'; readonly slot: ParkPlace; readonly level: number | undefined }
  | { readonly is: 'bad'; readonly why: string };

/** A slot by its address: `/sacn` 1 17. */
export interface ParkPlace {
  readonly prefix: string;
  readonly universe: number;
  readonly slot: number;
}

/** Reads what came for an address under `/flyrail/dmx/`. */
export function readDeskWish(address: Address, value: Value): DeskWish {
  if (address === masterAddress) return readMaster(value);
  if (address === blackoutAddress) return readBlackout(value);
  if (address.startsWith(`${parkPrefix}/`)) return readPark(address, value);
  return bad(`The desk has ${masterAddress}, ${blackoutAddress} and ${parkPrefix}/… with the address of a slot.`);
}

function readMaster(value: Value): DeskWish {
  const level = value.type === 'bool' ? undefined : tryNumber(value);
  if (level === undefined || !(level >= 0 && level <= 1)) return bad('The grand master takes a number from 0 to 1.');
  return { is: 'master', level };
}

function readBlackout(value: Value): DeskWish {
  const number = tryNumber(value);
  if (number !== 0 && number !== 1) return bad('Blackout takes true or false.');
  return { is: 'blackout', on: number === 1 };
}

function readPark(address: Address, value: Value): DeskWish {
  const slot = tryParkPlace(address.slice(parkPrefix.length));
  if (!slot) return bad(`What is parked is a slot, as in ${parkPrefix}/sacn/1/17.`);
  if (value.type === 'null' || (value.type === 'bool' && !value.value)) return { is: 'park', slot, level: undefined };
  const number = value.type === 'bool' ? undefined : tryNumber(value);
  const max = value.type.startsWith('f') ? 1 : 255;
  if (number === undefined || !(number >= 0 && number <= max))
    return bad('A slot is parked at 0 to 255, or at 0.0 to 1.0; null lets it go.');
  return { is: 'park', slot, level: tryLevel(value, 'unit') };
}

function tryParkPlace(address: string): ParkPlace | undefined {
  const [, prefix, universe, slot] = /^(\/.+)\/(0|[1-9]\d{0,4})\/([1-9]\d{0,2})$/.exec(address) ?? [];
  if (prefix === undefined || Number(slot) > slotsPerUniverse) return undefined;
  return { prefix, universe: Number(universe), slot: Number(slot) };
}

function bad(why: string): DeskWish {
  return { is: 'bad', why };
}
