import type { Value } from '../../contract/signal.ts';
import { encodedSize } from '../protocol/values.ts';

/** What a value may take, so that a frame of CLASP has room for it and its address. */
export const valueBytesMax = 60_000;

/** Whether a value can be handed from router to router. */
export function hasRoom(value: Value): boolean {
  return encodedSize(value) <= valueBytesMax;
}
