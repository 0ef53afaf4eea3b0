import { parseAddress, type Address } from '../contract/address.ts';
import type { Signal, Value } from '../contract/signal.ts';
import type { Qos } from '../core/protocol/messages.ts';
import {
  expectWords,
  parseClientArgs,
  parseRouterFlags,
  parseWord,
  routerUsage,
  type RouterFlags,
} from './client-flags.ts';
import { badFlag } from './command-args.ts';
import { parseValue } from './value-json.ts';

export const pubUsage = `flyrail pub: send one signal to a router

  flyrail pub ADDRESS VALUE [flags]

VALUE is JSON, and what is no JSON is a string: 0.5, true, null, go, '"0.5"' (a string),
'[1, 2]', '{"x": 1}', '{"$bytes": "AAE="}' (base64).

  --signal KIND    param, event, stream or timeline (param)
  --qos QOS        fire, confirm or commit (confirm): fire waits for nothing but that the router
                   read it; confirm until it was done; commit until it is on disk
${routerUsage}
Exit codes: 0 acknowledged, 1 refused or not acknowledged within 10 s, 2 a bad flag or no router.
`;

const kinds = ['param', 'event', 'stream', 'timeline'] as const;
const qualities = ['fire', 'confirm', 'commit'] as const satisfies readonly Qos[];

export interface PubFlags extends RouterFlags {
  readonly signal: Signal;
  readonly qos: Qos;
}

/** @returns undefined when help is wanted
 *  @throws InputError 'bad-flag' | 'bad-address' | 'bad-value' */
export function parsePubFlags(args: readonly string[]): PubFlags | undefined {
  const options = { signal: { type: 'string' }, qos: { type: 'string' } } as const;
  const { values, positionals } = parseClientArgs('pub', numbersLast(args), options);
  if (values.help) return undefined;
  const kind = oneOfKinds(values.signal ?? 'param');
  const qos = qualities.find((each) => each === (values.qos ?? 'confirm'));
  if (!qos) throw badFlag('pub', `--qos ${values.qos}: expected ${qualities.join(', ')}`);
  const router = parseRouterFlags(values);
  expectWords('pub', positionals, ['ADDRESS', 'VALUE']);
  const [address = '', value = ''] = positionals;
  return { ...router, qos, signal: signalOf(kind, parseWord('ADDRESS', address, parseAddress), parseValue(value)) };
}

function signalOf(kind: (typeof kinds)[number], address: Address, value: Value): Signal {
  return { kind, address, value };
}

function oneOfKinds(text: string): (typeof kinds)[number] {
  const kind = kinds.find((each) => each === text);
  if (kind) return kind;
  const why = text === 'gesture' ? ' (a gesture ends with its session, and this one ends at once)' : '';
  throw badFlag('pub', `--signal ${text}: expected ${kinds.join(', ')}${why}`);
}

/** `-0.5` is a value and no flag: behind `--`, the parser knows that too. */
function numbersLast(args: readonly string[]): readonly string[] {
  if (args.includes('--')) return args;
  const isNumber = (text: string): boolean => /^-[\d.]/.test(text);
  const numbers = args.filter(isNumber);
  return numbers.length === 0 ? args : [...args.filter((text) => !isNumber(text)), '--', ...numbers];
}
