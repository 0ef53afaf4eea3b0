import { parsePattern } from '../contract/address.ts';
import { AppError } from '../contract/errors.ts';
import { parseScopes, type Scope } from '../contract/scope.ts';
import { hertz } from '../contract/units.ts';
import { audienceBytesMax } from '../platform/capability-token.ts';
import { nameLettersMax, constraintsMax } from '../platform/token-records.ts';
import type { Constraint } from '../ports/token-verifier.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';

export const tokenUsage = `flyrail token: who may connect to flyrail serve --auth

  flyrail token create [--scopes LIST] [--name TEXT] [--expires WHEN] [--json]
      make a token and print it; that is the only time, Flyrail keeps a hash of it
      --scopes LIST          what it may do: read, write or admin, then : and a pattern, with commas between
                             (admin:/**); write includes read, admin both
      --expires WHEN         90d, 12h, 30m, or a time like 2027-01-31T18:00:00Z (never)
      --range PATTERN=MIN..MAX
                             numbers that it may write there, as often as wanted
      --max-rate PATTERN=HZ  writes a second there, as often as wanted
  flyrail token list [--json]
      print what was made here: ids, names, scopes, ends; never the tokens
  flyrail token revoke ID | --name TEXT [--json]
      end a token, also for who is connected; a JWT by jwt: and its jti, a capability token by its id cap:…

  Capability tokens are signed by a key, need no store, and can be narrowed by whoever they are handed to:
  flyrail token key --out FILE.pem [--json]
      make an Ed25519 key, and print its public half for flyrail serve --trust-anchor
  flyrail token create --kind capability --issuer-key FILE.pem [--parent TEXT] [--audience TEXT]
      make a token for a device, with the scopes and end (24h) that are asked for
  flyrail token create --kind delegation --issuer-key FILE.pem --delegate-to KEY [--parent TEXT] [--audience TEXT]
      let another key make tokens within these scopes; what is printed goes to its holder, who gives it as --parent
      --audience TEXT        for the router with this --jwt-audience only

  --data DIR   the data folder of the Flyrail that is meant
`;

export const tokenVerbs = ['create', 'list', 'revoke', 'key'] as const;
export type TokenVerb = (typeof tokenVerbs)[number];
const kinds = ['cpsk', 'capability', 'delegation'] as const;

const flagsOf: Readonly<Record<TokenVerb, readonly string[]>> = {
  create: [
    ...['kind', 'scopes', 'name', 'expires', 'range', 'max-rate', 'issuer-key', 'delegate-to', 'parent', 'audience'],
    ...['data', 'json'],
  ],
  list: ['data', 'json'],
  revoke: ['name', 'data', 'json'],
  key: ['out', 'json'],
};
/** Of `create`, those that belong to one way to make a token. */
const kindsOfFlag: Readonly<Record<string, readonly (typeof kinds)[number][]>> = {
  name: ['cpsk'],
  range: ['cpsk'],
  'max-rate': ['cpsk'],
  data: ['cpsk'],
  'issuer-key': ['capability', 'delegation'],
  parent: ['capability', 'delegation'],
  audience: ['capability', 'delegation'],
  'delegate-to': ['delegation'],
};

export type TokenArgs = ReturnType<typeof parseTokenArgs>;

/** Takes the words and flags of `flyrail token` apart and checks that they belong together.
 *  @throws InputError 'bad-flag', one sentence */
export function parseTokenArgs(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const [word, ...words] = positionals;
  const verb = tokenVerbs.find((each) => each === word);
  if (values.help) return { verb, words, values, kind: 'cpsk' as const };
  if (!verb) throw fault(`expected one of ${tokenVerbs.join(', ')}, found ${word ?? 'nothing'}`);
  for (const [flag, value] of Object.entries(values)) {
    if (!flagsOf[verb].includes(flag)) throw fault(`--${flag} does not go with ${verb}`);
    // A script with an unset variable means neither the working directory nor no name.
    if (value === '') throw fault(`--${flag}: expected a value`);
  }
  const kind = kinds.find((each) => each === (values.kind ?? 'cpsk'));
  if (!kind) throw fault(`--kind ${values.kind}: expected one of ${kinds.join(', ')}`);
  const stray = Object.keys(values).find((flag) => verb === 'create' && kindsOfFlag[flag]?.includes(kind) === false);
  if (stray !== undefined) throw fault(`--${stray} does not go with --kind ${kind}`);
  return { verb, words, values, kind };
}

/** @throws InputError 'bad-flag' | 'bad-scope' */
export function scopesFlag(text = 'admin:/**'): readonly Scope[] {
  return parseScopes(text);
}

/** @throws InputError 'bad-flag' */
export function nameFlag(text = ''): string {
  if (text.length > nameLettersMax) throw fault(`--name: at most ${nameLettersMax} letters`);
  return text;
}

/** @throws InputError 'bad-flag' */
export function audienceFlag(text: string | undefined): string | undefined {
  if (text !== undefined && Buffer.byteLength(text) > audienceBytesMax)
    throw fault(`--audience: at most ${audienceBytesMax} bytes`);
  return text;
}

/** `--range /a/**=0..1` and `--max-rate /a/**=30`.
 *  @throws InputError 'bad-flag' */
export function constraintFlags(ranges: readonly string[] = [], rates: readonly string[] = []): readonly Constraint[] {
  if (ranges.length + rates.length > constraintsMax) throw fault(`at most ${constraintsMax} of --range and --max-rate`);
  return [...ranges.map(rangeOf), ...rates.map(rateOf)];
}

function rangeOf(text: string): Constraint {
  const [where, bounds] = pairOf('range', text);
  const [, low, high] = /^(-?[\d.]+(?:e-?\d+)?)\.\.(-?[\d.]+(?:e-?\d+)?)$/i.exec(bounds) ?? [];
  const [min, max] = [Number(low), Number(high)];
  if (!(min <= max)) throw fault(`--range ${text}: expected PATTERN=MIN..MAX, such as /desk/**=0..1`);
  return { pattern: patternOf('range', text, where), range: [min, max] };
}

function rateOf(text: string): Constraint {
  const [where, rate] = pairOf('max-rate', text);
  const number = /^[\d.]+$/.test(rate) ? Number(rate) : Number.NaN;
  if (!(number > 0)) throw fault(`--max-rate ${text}: expected PATTERN=HZ, such as /desk/**=30`);
  return { pattern: patternOf('max-rate', text, where), maxRate: hertz(number) };
}

function pairOf(flag: string, text: string): [where: string, value: string] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw fault(`--${flag} ${text}: expected a pattern, then = and a value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function patternOf(flag: string, text: string, where: string) {
  try {
    return parsePattern(where);
  } catch (error) {
    const because = error instanceof AppError ? error.message.replace(/\.$/, '') : 'it is no pattern';
    throw fault(`--${flag} ${text}: ${because}`);
  }
}

function fault(reason: string) {
  return badFlag('token', reason);
}

function parse(args: readonly string[]) {
  return parseCommandArgs('token', args, {
    kind: { type: 'string' },
    scopes: { type: 'string' },
    name: { type: 'string' },
    expires: { type: 'string' },
    range: { type: 'string', multiple: true },
    'max-rate': { type: 'string', multiple: true },
    'issuer-key': { type: 'string' },
    'delegate-to': { type: 'string' },
    parent: { type: 'string' },
    audience: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
}
