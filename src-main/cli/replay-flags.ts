import { parsePattern, type Pattern } from '../contract/address.ts';
import {
  expectWords,
  parseClientArgs,
  parseRouterFlags,
  parseWord,
  routerUsage,
  wholeNumber,
  type RouterFlags,
} from './client-flags.ts';
import { parseTime, type TimeFlag } from './time-flag.ts';

export const replayUsage = `flyrail replay: print what a router has kept, one line a message, oldest first

  flyrail replay PATTERN [flags]

PATTERN is an address in which * stands for one part and ** for any number of them. Quote it, or
the shell takes the * for file names: flyrail replay '/desk/**' --from -10m. The lines are those of
flyrail sub. The router must keep everything: flyrail serve --journal full.

  --from T         from then on: 2026-11-22T20:15:00.5Z, local time without the Z, -90s, -10m, -2h
                   or -7d before now, or a timestamp in µs as --json prints it; else from the beginning
  --to T           up to then, included; else up to now
  --limit N        the first N of them
  --json           one object a line: address, kind, value, revision, timestamp, at, snapshot, past
${routerUsage}
Exit codes: 0 all printed, 1 refused, not answered within 10 s, or no full journal there,
2 a bad flag or no router.
`;

export interface ReplayFlags extends RouterFlags {
  readonly pattern: Pattern;
  readonly from: TimeFlag | undefined;
  readonly to: TimeFlag | undefined;
  readonly limit: number | undefined;
  readonly json: boolean;
}

/** @returns undefined when help is wanted
 *  @throws InputError 'bad-flag' | 'bad-pattern' */
export function parseReplayFlags(args: readonly string[]): ReplayFlags | undefined {
  const text = { type: 'string' } as const;
  const options = { json: { type: 'boolean' }, from: text, to: text, limit: text } as const;
  const { values, positionals } = parseClientArgs('replay', timesWithTheirFlags(args), options);
  if (values.help) return undefined;
  const router = parseRouterFlags(values);
  expectWords('replay', positionals, ['PATTERN']);
  return {
    ...router,
    pattern: parseWord('PATTERN', positionals[0] ?? '', parsePattern),
    from: values.from === undefined ? undefined : parseTime('--from', values.from),
    to: values.to === undefined ? undefined : parseTime('--to', values.to),
    limit: values.limit === undefined ? undefined : wholeNumber({ command: 'replay', flag: '--limit' }, values.limit),
    json: values.json ?? false,
  };
}

/** The parser takes `-10m` for a flag, unless it hangs on its own. */
function timesWithTheirFlags(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if ((last === '--from' || last === '--to') && /^-[\d.]/.test(arg)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}
