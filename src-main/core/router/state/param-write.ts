import type { Address } from '../../../contract/address.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Micros } from '../../../contract/units.ts';
import { formatLocked } from '../../protocol/lock-answers.ts';
import type { SetMessage, SnapshotParam, Ttl } from '../../protocol/messages.ts';
import { utf8Size } from '../../protocol/utf8.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { settleWrite } from './settle-write.ts';
import { boundsFault } from './signal-bounds.ts';
import { plainRuling, type Ruling } from './signal-rules.ts';

/** A TTL as it runs. */
export interface RunningTtl extends Ttl {
  /** when it was given: an absolute one counts from there, whatever is written later */
  readonly since: Micros;
}

/** One param as it stands. The value is on bytes of its own. */
export interface ParamRecord extends SnapshotParam {
  readonly address: Address;
  readonly writer: string;
  readonly timestamp: Micros;
  /** the session that alone may set it */
  readonly holder: string | undefined;
  /** the revision with which the strategy `lock` gave it to its holder; undefined for a lock that was asked for, and none */
  readonly ruledAt: bigint | undefined;
  readonly ttl: RunningTtl | undefined;
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
  /** the value is on bytes of its own that nobody else uses, and is not copied again */
  readonly isValueOwn?: boolean;
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
  /** the message that asks for it */
  readonly came?: SetMessage;
  /** its writer never leaves, or has left: the strategy `lock` gives it nothing, since nobody would give it back */
  readonly holdsNothing?: boolean;
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

/** What a write meets. */
export interface Standing {
  /** the param as it stands, if it does */
  readonly current: ParamRecord | undefined;
  readonly floors: RevisionFloors;
  readonly ruling: Ruling;
}

/** Judges a write and says what the param would become; changes nothing itself.
 *  @returns the record to store, with the next revision, or why not */
export function planWrite(write: ParamWrite, standing: Standing): ParamRecord | Refusal {
  const { current, floors, ruling } = standing;
  const refusal = judge(write, current);
  if (refusal) return refusal;
  const value = ruling === plainRuling ? write.value : valueUnder(ruling, write, current);
  if (!(value instanceof WireValue)) return tryUnlock(write, standing, value) ?? value;
  const sizeBytes = sizeAfter(value === write.value ? write : { ...write, value }, current);
  if (sizeBytes > paramBytesMax) {
    const message = 'The value is too large to be handed on in one frame of 65 535 bytes.';
    return { code: errorNumber.invalidValue, message, address: write.address };
  }
  const revision = nextRevision(current, floors);
  const holder = write.unlock ? undefined : write.lock ? write.writer : current?.holder;
  const isRuled = ruling.strategy === 'lock' && !write.unlock && holder === undefined && !write.holdsNothing;
  return {
    address: write.address,
    value: write.isValueOwn && value === write.value ? value : value.copy(),
    revision,
    writer: write.writer,
    timestamp: write.at,
    holder: isRuled ? write.writer : holder,
    ruledAt: isRuled ? revision : write.lock || write.unlock ? undefined : current?.ruledAt,
    ttl: ttlAfter(write, current),
    movedAt: write.movedAt ?? write.at,
    isOwn: write.isOwn === true,
    sizeBytes,
  };
}

/** A lock is given back also with a value that is lost to the one that stands, which stays as whoever wrote it left it.
 *  @returns undefined where there is no lock of the writer's, or the value is no fit value at all */
function tryUnlock(write: ParamWrite, { current, floors }: Standing, { code }: Refusal): ParamRecord | undefined {
  const { unlock, writer, at } = write;
  const isLost = code === errorNumber.revisionConflict;
  if (!unlock || !isLost || current?.holder !== writer) return undefined;
  const revision = nextRevision(current, floors);
  return {
    ...current,
    revision,
    timestamp: at,
    holder: undefined,
    ruledAt: undefined,
    ttl: ttlAfter(write, current),
  };
}

function ttlAfter({ ttl, at }: ParamWrite, current: ParamRecord | undefined): RunningTtl | undefined {
  return ttl ? { ...ttl, since: at } : current?.ttl;
}

function nextRevision(current: ParamRecord | undefined, { forNew, forKnown }: RevisionFloors): bigint {
  if (!current) return forNew + 1n;
  return (current.revision > forKnown ? current.revision : forKnown) + 1n;
}

/** Whether this very write was given the lock of a param by the strategy `lock`. */
export function tookRuledLock({ revision, ruledAt }: Pick<ParamRecord, 'revision' | 'ruledAt'>): boolean {
  return revision === ruledAt;
}

/** The value that is to stand: within the bounds, and what the strategy makes of it and of the one that stands. */
function valueUnder(
  { strategy, bounds }: Ruling,
  { address, value }: ParamWrite,
  current: ParamRecord | undefined,
): WireValue | Refusal {
  const settled =
    current && strategy !== 'lww' && strategy !== 'lock'
      ? settleWrite(strategy, current.value.value, { address, value: value.value })
      : undefined;
  if (settled && isRefusal(settled)) return settled;
  const fault = bounds && boundsFault(settled ?? value.value, bounds);
  if (fault !== undefined) return { code: errorNumber.invalidValue, message: fault, address };
  if (settled === undefined || settled === value.value) return value;
  try {
    return WireValue.of(settled);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: errorNumber.invalidValue, message: error.message, address };
  }
}

export function isRefusal(outcome: object): outcome is Refusal {
  return 'code' in outcome;
}

export function lockedBy(holder: string, address: Address): Refusal {
  return { code: errorNumber.lockHeld, message: formatLocked(holder), address };
}

function judge(write: ParamWrite, current: ParamRecord | undefined): Refusal | undefined {
  const { address } = write;
  if (write.lock && write.unlock) {
    return { code: errorNumber.invalidMessage, message: 'A SET locks or unlocks, not both.', address };
  }
  if (!current) return undefined;
  if (current.holder !== undefined && current.holder !== write.writer) {
    return lockedBy(current.holder, address);
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
