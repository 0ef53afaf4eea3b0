import { fillJsonTemplate, fillTemplate, looksLikeJson, type Holes } from '../contract/text-template.ts';
import type { Value } from '../contract/signal.ts';
import { formatJson, type JsonNumbers } from './json-value.ts';
import { payloadBytesMax, plainText } from './mqtt-payload.ts';

export interface BodyOptions {
  /** what `{value}` stands for */
  readonly value: Value;
  /** the others */
  readonly holes: Holes;
  /** what the body is; by itself it is JSON where it begins like JSON */
  readonly as: 'auto' | 'json' | 'text';
  readonly numbers: JsonNumbers;
}

/** The text of a message made by a template: in JSON everything stays JSON.
 *  @throws RangeError in a clause, past `payloadBytesMax` letters */
export function fillBody(body: string, { value, holes, as, numbers }: BodyOptions): string {
  const all = { ...holes, value: plainText(value, numbers) };
  const isJson = as === 'json' || (as === 'auto' && looksLikeJson(body));
  const filled = isJson
    ? fillJsonTemplate(body, all, { value: formatJson(value, { numbers }) })
    : fillTemplate(body, all);
  if (filled.length > payloadBytesMax) throw new RangeError(`it is longer than ${payloadBytesMax} bytes`);
  return filled;
}
