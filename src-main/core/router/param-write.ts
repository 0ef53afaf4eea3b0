import type { Address } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import type { SnapshotParam, Ttl } from '../protocol/messages.ts';
import { utf8Size } from '../protocol/utf8.ts';
import type { WireValue } from '../protocol/wire-value.ts';
import { errorNumber, type Refusal } from './refusal.ts';

/** One param as it stands. The value is on bytes of its own. */
export interface ParamRecord extends SnapshotParam {
  readonly address: Address;
  readonly writer: string;
  readonly timestamp: bigint;
  /** the session that alone may set it */
  readonly holder: string | undefined;
  readonly ttl: Ttl | undefined;
  /** when somebody moved what led to this value: the time of writing, or of the source that a mapping made it of */
  readonly movedAt: Micros;
  /** written by a participant in the process: it follows from the show on the table */
  readonly isOwn: boolean;
  /** what it takes in a SNAPSHOT */
  readonly sizeBytes: number;
}

/** One wish to change a param. */
export interface ParamWrite {
  readonly address: Address;
  /** may be a view of a frame; what is kept of it is copied */
  readonly value: WireValue;
  readonly writer: string;
  readonly at: Micros;
  /** the time of writing without it */
  readonly movedAt?: Micros | undefined;
  /** refused unless the param stands at it; of no meaning for a new param */
  readonly expectedRevision?: bigint | undefined;
  readonly lock?: boolean | undefined;
  readonly unlock?: boolean | undefined;
  readonly ttl?: Ttl | undefined;
  /** from a participant in the process: may use what is kept free for the show itself */
  readonly isOwn?: boolean;
}

/** A SNAPSHOT payload without its type byte and count: one param must fit alone. */
export const paramBytesMax = 65_535 - 3;

/** Every write gets a revision above these. */
export interface RevisionFloors {
  /** for a param that is not there: the highest of all that was forgotten */
  readonly forNew: bigint;
  /** for one that is there: it may have come further than what was kept of it, but not beyond this */
  readonly forKnown: bigint;
}

/** Judges a write and says what the param would become; changes nothing itself.
 *  @param current the param as it stands, if it does
 *  @returns the record to store, with the next revision, or why not */
export function planWrite(
  write: ParamWrite,
  current: ParamRecord | undefined,
  floors: RevisionFloors,
): ParamRecord | Refusal {
  const refusal = judge(write, current);
  if (refusal) return refusal;
  const sizeBytes = sizeAfter(write, current);
  if (sizeBytes > paramBytesMax) {
    const message = 'The value is too large to be handed on in one frame of 65 535 bytes.';
    return { code: errorNumber.invalidValue, message, address: write.address };
  }
  return {
    address: write.address,
    value: write.value.copy(),
    revision: nextRevision(current, floors),
    writer: write.writer,
    timestamp: BigInt(write.at),
    holder: write.unlock ? undefined : write.lock ? write.writer : current?.holder,
    ttl: write.ttl ?? current?.ttl,
    movedAt: write.movedAt ?? write.at,
    isOwn: write.isOwn === true,
    sizeBytes,
  };
}

function nextRevision(current: ParamRecord | undefined, { forNew, forKnown }: RevisionFloors): bigint {
  if (!current) return forNew + 1n;
  return (current.revision > forKnown ? current.revision : forKnown) + 1n;
}

export function isRefusal(outcome: object): outcome is Refusal {
  return 'code' in outcome;
}

function judge(write: ParamWrite, current: ParamRecord | undefined): Refusal | undefined {
  const { address } = write;
  if (write.lock && write.unlock) {
    return { code: errorNumber.invalidMessage, message: 'A SET locks or unlocks, not both.', address };
  }
  if (!current) return undefined;
  if (current.holder !== undefined && current.holder !== write.writer) {
    return { code: errorNumber.lockHeld, message: `The param is locked by session ${current.holder}.`, address };
  }
  if (write.expectedRevision !== undefined && write.expectedRevision !== current.revision) {
    const message = `The param stands at revision ${current.revision}, the SET expected ${write.expectedRevision}.`;
    return { code: errorNumber.revisionConflict, message, address };
  }
  return undefined;
}

/** Only the value changes when the same one writes again. */
function sizeAfter(write: ParamWrite, current: ParamRecord | undefined): number {
  if (current?.writer !== write.writer) return snapshotSizeOf(write);
  return current.sizeBytes + write.value.size - current.value.size;
}

/** address, type code, value, revision, options, writer, timestamp. @see CLASP-WIRE §3, SNAPSHOT */
export function snapshotSizeOf(param: Pick<ParamWrite, 'address' | 'value' | 'writer'>): number {
  return 2 + utf8Size(param.address) + 1 + param.value.size + 8 + 1 + 2 + utf8Size(param.writer) + 8;
}
