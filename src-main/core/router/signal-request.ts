import { tryAddress, type Address } from '../../contract/address.ts';
import { AppError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import { encodeFrame } from '../protocol/frame.ts';
import { payloadBytesMax } from '../protocol/limits.ts';
import type { PublishMessage, SetMessage } from '../protocol/messages.ts';
import type { ParamWrite } from './param-write.ts';
import { badAddress, errorNumber, type Refusal } from './refusal.ts';

/** The wish to write that a SET expresses, or why its address cannot be. */
export function writeOf(message: SetMessage, writer: string, at: Micros): ParamWrite | Refusal {
  const address = tryAddress(message.address);
  if (address === undefined) return badAddress(message.address);
  const { value, revision, lock, unlock, ttl } = message;
  return { address, value, writer, at, expectedRevision: revision, lock, unlock, ttl };
}

/** Whether a PUBLISH can be passed on: its address is one, and it fits a frame again, which a legacy message may not.
 *  @returns the address, or why not */
export function checkPublish(message: PublishMessage): Address | Refusal {
  const address = tryAddress(message.address);
  if (address === undefined) return badAddress(message.address);
  if (isSurelySmall(message)) return address;
  try {
    encodeFrame(message);
    return address;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: errorNumber.invalidValue, message: error.message, address };
  }
}

function isSurelySmall({ address, value, samples }: PublishMessage): boolean {
  // A UTF-16 unit is at most 3 bytes of UTF-8; all fields of fixed size together are below 64 bytes.
  return address.length * 3 + (value?.size ?? 0) + (samples?.length ?? 0) * 8 + 64 < payloadBytesMax;
}
