import { parsePattern, type Pattern } from '../contract/address.ts';
import type { SubscribeOptions } from '../core/protocol/messages.ts';
import {
  expectWords,
  parseClientArgs,
  parseRouterFlags,
  parseWord,
  routerUsage,
  wholeNumber,
  type RouterFlags,
} from './client-flags.ts';
import { badFlag } from './command-args.ts';

export const subUsage = `flyrail sub: print what a router sends, one line a message

  flyrail sub PATTERN [flags]

PATTERN is an address in which * stands for one part and ** for any number of them. Quote it, or
the shell takes the * for file names: flyrail sub '/desk/**'. What is there already comes first.
A line is address, kind and value as JSON, with tabs between; docs/command-line.md tells the rest.

  --json           one object a line: address, kind, value, revision, writer, timestamp, at, snapshot
  --count N        end after N messages
  --timeout S      end after S seconds
  --history N      first the last N messages from before, as far as the router has them
  --window MS      first what came in the last MS milliseconds; with --history, the last N of it
${routerUsage}
It goes on until it is told to end (Ctrl C); a router that goes away is dialled again.
Exit codes: 0 ended, 1 refused, or fewer than N messages within S seconds, 2 a bad flag or no router.
`;

export interface SubFlags extends RouterFlags {
  readonly pattern: Pattern;
  readonly json: boolean;
  readonly count: number | undefined;
  readonly timeoutMs: number | undefined;
  /** what is asked for of the past */
  readonly past: Pick<SubscribeOptions, 'history' | 'window'>;
}

/** About eleven days; the longest wait that the system's timers can hold is twice that. */
const timeoutSecondsMax = 1_000_000;

/** @returns undefined when help is wanted
 *  @throws InputError 'bad-flag' | 'bad-pattern' */
export function parseSubFlags(args: readonly string[]): SubFlags | undefined {
  const text = { type: 'string' } as const;
  const options = { json: { type: 'boolean' }, count: text, timeout: text, history: text, window: text } as const;
  const { values, positionals } = parseClientArgs('sub', args, options);
  if (values.help) return undefined;
  const router = parseRouterFlags(values);
  expectWords('sub', positionals, ['PATTERN']);
  return {
    ...router,
    pattern: parseWord('PATTERN', positionals[0] ?? '', parsePattern),
    json: values.json ?? false,
    count: values.count === undefined ? undefined : wholeNumber({ command: 'sub', flag: '--count' }, values.count),
    timeoutMs: values.timeout === undefined ? undefined : seconds(values.timeout) * 1000,
    past: {
      ...(values.history !== undefined && { history: u32('--history', values.history) }),
      ...(values.window !== undefined && { window: u32('--window', values.window) }),
    },
  };
}

/** as wide as the wire has it */
function u32(flag: string, text: string): number {
  return wholeNumber({ command: 'sub', flag, max: 0xffff_ffff }, text);
}

function seconds(text: string): number {
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number > 0 && number <= timeoutSecondsMax))
    throw badFlag('sub', `--timeout ${text}: expected seconds, more than 0 and at most ${timeoutSecondsMax}`);
  return number;
}
