import { Buffer } from 'node:buffer';
import type { Value } from '../../../contract/signal.ts';
import { formatJson } from '../../../platform/json-value.ts';
import { plainText } from '../../../platform/payload-codec.ts';
import type { StandingParam } from '../../../ports/gateway.ts';

export interface ValueAnswer {
  readonly contentType: string;
  readonly body: string | Buffer;
}

export const jsonType = 'application/json; charset=utf-8';

/** A value as the client wants it: JSON, unless it wants text or bytes before that and the value is some. */
export function answerValue(value: Value, accept: string | undefined): ValueAnswer {
  for (const type of wantedTypes(accept ?? '')) {
    if (type === 'application/json' || type === '*/*') break;
    if (type === 'text/plain' && value.type !== 'bytes')
      return { contentType: 'text/plain; charset=utf-8', body: plainText(value, 'float') };
    if (type === 'application/octet-stream' && value.type === 'bytes')
      return { contentType: type, body: Buffer.from(value.value) };
  }
  return { contentType: jsonType, body: formatJson(value) };
}

/** All that is known of a param, as JSON text. */
export function describeParam(address: string, { value, revision, setAt }: StandingParam): string {
  const time = setAt === undefined ? '' : `,"setAt":"${new Date(setAt / 1000).toISOString()}"`;
  const head = `"address":${JSON.stringify(address)},"kind":"param","type":"${value.type}"`;
  return `{${head},"value":${formatJson(value)},"revision":${revision}${time}}`;
}

/** The types of an Accept header, the one that is wanted most first. [RFC 9110 12.4.2] */
function wantedTypes(accept: string): string[] {
  return accept
    .split(',')
    .map((part) => {
      const [type = '', ...more] = part.toLowerCase().split(';');
      const weight = more.map((each) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(each)?.[1]).find((each) => each !== undefined);
      return { type: type.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ type }) => type);
}
