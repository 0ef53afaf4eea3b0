import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { ParseArgsOptionsConfig } from 'node:util';
import { InputError, messageOf } from '../contract/errors.ts';
import { pemBlocks } from '../platform/pem.ts';
import { dialledSchemes, isDiallable } from '../transports/catalogue.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';

/** The last lines of every client's help. */
export const routerUsage = `  --url URL        the router (ws://127.0.0.1:7330/clasp); wss:// for TLS, tcp://, tls://, udp:// and quic://HOST:PORT where it listens,
                   webrtc+ws://HOST:PORT where it has a way in over WebRTC too, serial:///dev/ttyUSB0?baud=115200 at the
                   other end of a line
  --ca FILE        authorities to trust with wss://, tls:// and quic://, in PEM: flyrail cert export-ca gives a machine's own
  --token TOKEN    who we are, where the router asks; in FLYRAIL_TOKEN it is not in the list of processes
  --version        print the version
  --help           print this
`;

/** Which router, and who asks. */
export interface RouterFlags {
  readonly url: string;
  readonly token: string | undefined;
  /** PEM of authorities that are trusted beside the well-known ones */
  readonly authorities: readonly string[];
}

const routerOptions = {
  url: { type: 'string' },
  token: { type: 'string' },
  ca: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type ClientCommand = 'pub' | 'sub' | 'get' | 'top' | 'replay';

/** Takes a client's arguments apart; the flags of every client are among them.
 *  @throws InputError 'bad-flag', one sentence */
export function parseClientArgs<T extends ParseArgsOptionsConfig>(
  command: ClientCommand,
  args: readonly string[],
  options: T,
) {
  return parseCommandArgs(command, args, { ...routerOptions, ...options });
}

/** @param env where FLYRAIL_TOKEN may stand
 *  @throws InputError 'bad-flag' */
export function parseRouterFlags(
  { url, token: given, ca }: { readonly url?: string; readonly token?: string; readonly ca?: string },
  env: Readonly<Record<string, string | undefined>> = process.env,
): RouterFlags {
  const token = given ?? env['FLYRAIL_TOKEN'];
  // A script with an unset variable does not mean to ask without a token.
  if (token === '')
    throw new InputError('bad-flag', `${given === '' ? '--token' : 'FLYRAIL_TOKEN'}: expected a token.`);
  const authorities = ca === undefined ? [] : authoritiesIn(ca);
  return { url: routerUrl(url ?? 'ws://127.0.0.1:7330/clasp'), token, authorities };
}

/** @throws InputError 'bad-flag' unless exactly these words are given */
export function expectWords(command: ClientCommand, words: readonly string[], expected: readonly string[]): void {
  const missing = expected[words.length];
  if (missing !== undefined) throw badFlag(command, `expected ${missing}`);
  const more = words.slice(expected.length);
  if (more.length === 0) return;
  const hint = command === 'pub' ? ' (quote a VALUE of several words)' : ' (quote a pattern, the shell expands its *)';
  const wanted = expected.length === 0 ? 'flags only' : expected.join(' and ');
  throw badFlag(command, `expected ${wanted}, found ${more.join(' ')} too${expected.length === 0 ? '' : hint}`);
}

/** An address or a pattern; its fault names it. @throws InputError */
export function parseWord<T>(name: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.code, `${name} ${text}: ${cause.message}`, cause.details, { cause });
  }
}

/** A whole number from 1 to `max`. @throws InputError 'bad-flag' */
export function wholeNumber(
  { command, flag, max }: { readonly command: ClientCommand; readonly flag: string; readonly max?: number },
  text: string,
): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= (max ?? Number.MAX_SAFE_INTEGER)) return number;
  const range = max === undefined ? '1 on' : `1 to ${max}`;
  throw badFlag(command, `${flag} ${text}: expected a whole number from ${range}`);
}

function routerUrl(text: string): string {
  if (!isDiallable(text) || new URL(text).hash !== '') {
    const schemes = `${dialledSchemes.slice(1, -1).join(', ')} or ${dialledSchemes.at(-1)}`;
    throw new InputError('bad-flag', `--url ${text}: expected a URL like ws://127.0.0.1:7330/clasp, or ${schemes}.`);
  }
  return text;
}

/** All that are in the file. */
function authoritiesIn(path: string): readonly string[] {
  try {
    const found = pemBlocks(readFileSync(path, 'utf8'), 'CERTIFICATE');
    if (found.length === 0) throw new Error('there is none');
    return found.map((each) => new X509Certificate(each).toString());
  } catch (cause) {
    const message = `--ca ${path || '""'}: expected a file with certificates in PEM (${messageOf(cause)}).`;
    throw new InputError('bad-flag', message, {}, { cause });
  }
}
