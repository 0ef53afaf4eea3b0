import type { Address } from '../../../contract/address.ts';
import { AppError } from '../../../contract/errors.ts';
import { f64 } from '../../../contract/signal.ts';
import type { Micros } from '../../../contract/units.ts';
import { encodeFrame } from '../../protocol/frame.ts';
import { payloadBytesMax } from '../../protocol/limits.ts';
import type { PublishMessage, SetMessage } from '../../protocol/messages.ts';
import { addressIn } from '../../protocol/publish-codec.ts';
import { lockedBy, type ParamWrite } from '../state/param-write.ts';
import { badAddress, errorNumber, type Refusal } from './refusal.ts';
import type { SignalRules } from '../state/signal-rules.ts';
import type { ValueTable } from '../state/value-table.ts';

export interface Writing {
  readonly table: Pick<ValueTable, 'get'>;
  /** a session's id */
  readonly writer: string;
}

/** The wish to write that a SET expresses, or why its address cannot be. */
export function writeOf(message: SetMessage, writer: string, at: Micros): ParamWrite | Refusal {
  const address = addressIn(message);
  if (address === undefined) return badAddress(message.address);
  const { value, revision, lock, unlock, ttl } = message;
  return { address, value, writer, at, expectedRevision: revision, lock, unlock, ttl, came: message };
}

/** Whether a PUBLISH can be passed on: its address is one, its samples make a batch, its values lie within what is enforced
 *  there, and it fits a frame again, which a legacy message may not.
 *  @returns the address, or why not */
export function checkPublish(message: PublishMessage, rules: Pick<SignalRules, 'of' | 'judge'>): Address | Refusal {
  const address = addressIn(message);
  if (address === undefined) return badAddress(message.address);
  const refusal = checkSamples(message, address) ?? checkBounds(message, address, rules);
  if (refusal) return refusal;
  if (isSurelySmall(message)) return address;
  try {
    encodeFrame(message);
    return address;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: errorNumber.invalidValue, message: error.message, address };
  }
}

/** Of a PUBLISH of kind param nothing is stored, but whoever hears it takes it for the value: what is locked is locked for it
 *  too. */
export function checkLock({ kind }: PublishMessage, address: Address, { table, writer }: Writing): Refusal | undefined {
  const holder = kind === 'param' ? table.get(address)?.holder : undefined;
  return holder === undefined || holder === writer ? undefined : lockedBy(holder, address);
}

/** A batch of none, or at a rate of none, is a mistake of its sender, and no receiver could tell its time. */
function checkSamples({ samples, rate }: PublishMessage, address: Address): Refusal | undefined {
  if (samples === undefined || (samples.length > 0 && rate !== 0)) return undefined;
  const message = 'Samples are at least one, at a rate of 1 or more a second.';
  return { code: errorNumber.invalidValue, message, address };
}

/** A timeline is judged by its keyframes, elsewhere. */
function checkBounds(
  { kind, value, samples }: PublishMessage,
  address: Address,
  rules: Pick<SignalRules, 'of' | 'judge'>,
): Refusal | undefined {
  if (kind === 'timeline' || rules.of(address).bounds === undefined) return undefined;
  if (value) return rules.judge(address, value.value);
  for (const sample of samples ?? []) {
    const refusal = rules.judge(address, f64(sample));
    if (refusal) return refusal;
  }
  return undefined;
}

function isSurelySmall({ address, value, samples }: PublishMessage): boolean {
  // A UTF-16 unit is at most 3 bytes of UTF-8; all fields of fixed size together are below 64 bytes.
  return address.length * 3 + (value?.size ?? 0) + (samples?.length ?? 0) * 8 + 64 < payloadBytesMax;
}
