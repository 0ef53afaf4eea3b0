import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../contract/errors.ts';
import { formatScope, type Scope } from '../contract/scope.ts';
import { issueCapability, issueDelegation, decodeDelegation } from '../platform/capability-issuer.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { readPublicKey, readSigningKey } from '../platform/ed25519-keys.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { isoTime } from '../platform/token-records.ts';
import { createToken, isForeignId, readTokenStore, revokeForeign, revokeTokens } from '../platform/token-store.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import { badFlag } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { parseExpiry } from './expiry-flag.ts';
import { print } from './print.ts';
import {
  audienceFlag,
  constraintFlags,
  nameFlag,
  parseTokenArgs,
  scopesFlag,
  tokenUsage,
  type TokenArgs,
} from './token-args.ts';
import { jsonOfTokens, linesOfTokens } from './token-lines.ts';

/** Of tokens that a key signs: nobody keeps a list of them, so they end soon unless it is said otherwise. */
const capabilityEnd = '24h';

interface Made {
  readonly id: string;
  readonly token: string;
  readonly scopes: readonly Scope[];
  /** milliseconds since the Unix epoch */
  readonly expires: number | null;
}

/** Runs `flyrail token …`.
 *  @returns the exit code: 1 where there is no such token to revoke
 *  @throws AppError with one sentence, that holds no token */
export async function runTokenCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const parsed = parseTokenArgs(args);
  if (parsed.values.help || !parsed.verb) {
    await print(io.stdout, tokenUsage);
    return exitCode.ok;
  }
  const { verb, words, values } = parsed;
  const store = dataPaths(resolve(values.data ?? defaultDataFolder())).tokensFile;
  if (verb === 'revoke') return revoke(parsed, store, io);
  if (words.length > 0) throw badFlag('token', `${verb} takes flags only, found ${words.join(' ')}`);
  if (verb === 'create')
    await printMade(parsed.kind === 'cpsk' ? await makeKey(values, store) : sign(parsed), parsed, io);
  else if (verb === 'key') await makeSigningKey(values, io);
  else {
    const records = await readTokenStore(store);
    await print(io.stdout, values.json ? jsonOfTokens(records) : linesOfTokens(records, Date.now()));
  }
  return exitCode.ok;
}

async function makeKey(values: TokenArgs['values'], store: string): Promise<Made> {
  const now = Date.now();
  const wanted = {
    name: nameFlag(values.name),
    scopes: scopesFlag(values.scopes),
    constraints: constraintFlags(values.range, values['max-rate']),
    expiresAt: values.expires === undefined ? null : parseExpiry(values.expires, now),
  };
  const { token, record } = await createToken(store, wanted, now);
  return { id: record.id, token, scopes: record.scopes, expires: record.expiresAt };
}

function sign({ kind, values }: TokenArgs): Made {
  const path = values['issuer-key'];
  if (path === undefined) throw badFlag('token', `--kind ${kind} needs --issuer-key FILE`);
  const scopes = scopesFlag(values.scopes);
  const issue = {
    key: readSigningKey(path, '--issuer-key'),
    parent: values.parent === undefined ? undefined : decodeDelegation(values.parent),
    scopes,
    audience: audienceFlag(values.audience),
    expiresAt: Math.floor(parseExpiry(values.expires ?? capabilityEnd, Date.now()) / 1000),
  };
  const to = values['delegate-to'];
  if (kind === 'delegation' && to === undefined) throw badFlag('token', '--kind delegation needs --delegate-to KEY');
  const issued = to === undefined ? issueCapability(issue) : issueDelegation(issue, readPublicKey(to, '--delegate-to'));
  return { id: issued.id, token: issued.text, scopes, expires: issued.expiresAt * 1000 };
}

async function printMade(
  { id, token, scopes, expires }: Made,
  { kind, values }: TokenArgs,
  io: CommandIo,
): Promise<void> {
  const end = expires === null ? null : isoTime(expires);
  const texts = scopes.map(formatScope);
  if (values.json) {
    await print(io.stdout, `${visibleJson(JSON.stringify({ id, token, scopes: texts, expires: end }))}\n`);
    return;
  }
  const told = {
    cpsk: 'It is shown this once: Flyrail keeps a hash of it.',
    capability: 'It is shown this once: Flyrail does not keep it. It opens routers that trust its first issuer.',
    delegation: 'It is for the holder of that key, who gives it as --parent. It opens nothing by itself.',
  };
  const lines = [
    token,
    '',
    told[kind],
    `id      ${id}`,
    `scopes  ${visibleText(texts.join(','))}`,
    `until   ${end ?? 'revoked'}`,
  ];
  await print(io.stdout, `${lines.join('\n')}\n`);
}

async function revoke({ words, values }: TokenArgs, store: string, io: CommandIo): Promise<number> {
  const [id, ...more] = words;
  const { name } = values;
  if ((id === undefined) === (name === undefined) || more.length > 0)
    throw badFlag('token', 'revoke takes one id, or --name TEXT');
  if (id !== undefined && isForeignId(id)) {
    await revokeForeign(store, id, Date.now());
    return printRevoked([id], values.json, io);
  }
  const ids = await revokeTokens(store, (record) => record.id === id || record.name === name, Date.now());
  if (ids.length > 0) return printRevoked(ids, values.json, io);
  const what = id === undefined ? `name ${name}` : `id ${id}`;
  io.stderr.write(`flyrail: there is no token with the ${visibleText(what)}. flyrail token list tells them.\n`);
  return exitCode.failed;
}

async function printRevoked(ids: readonly string[], json: boolean | undefined, io: CommandIo): Promise<number> {
  await print(io.stdout, json ? `${JSON.stringify({ revoked: ids })}\n` : ids.map((id) => `revoked ${id}\n`).join(''));
  return exitCode.ok;
}

/** Never writes over a key: what it signed would be lost with it. */
async function makeSigningKey(values: TokenArgs['values'], io: CommandIo): Promise<void> {
  if (values.out === undefined) throw badFlag('token', 'key needs --out FILE.pem');
  const path = resolve(values.out);
  if (existsSync(path)) throw new InputError('bad-key', `${path} is there already, and stays as it is.`, { path });
  const { privateKey } = generateKeyPairSync('ed25519');
  await replaceFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { isSecret: true });
  const publicKey = Buffer.from(readSigningKey(path, '--out').publicKey).toString('hex');
  await print(io.stdout, values.json ? `${JSON.stringify({ file: path, publicKey })}\n` : `${publicKey}\n`);
}
