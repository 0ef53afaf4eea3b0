import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScope, type Scope } from '../src-main/contract/scope.ts';
import type { SigningKey } from '../src-main/platform/ed25519-keys.ts';
import { readSigningKey } from '../src-main/platform/ed25519-keys.ts';
import type { Log } from '../src-main/ports/log.ts';
import type { Grant, TokenFault } from '../src-main/ports/token-verifier.ts';
import { silentLog } from './silent-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

export function scopes(...texts: readonly string[]): readonly Scope[] {
  return texts.map(parseScope);
}

/** A new key, and the file that it is in. */
export function signingKey(): SigningKey & { readonly path: string } {
  const path = join(temporaryFolder(), 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return { ...readSigningKey(path, 'key'), path };
}

/** @throws Error with the fault where the token opened nothing */
export function granted(result: Grant | TokenFault): Grant {
  if ('because' in result) throw new Error(`refused: ${result.because}, ${result.message}`);
  return result;
}

export function faultOf(result: Grant | TokenFault): TokenFault['because'] | 'granted' {
  return 'because' in result ? result.because : 'granted';
}

/** Keeps every line, with its fields, as text. */
export function keptLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (message: string, fields?: object): void => {
      lines.push(`${level}: ${message} ${JSON.stringify(fields ?? {})}`);
    };
  const log = { ...silentLog, error: keep('error'), warn: keep('warn'), info: keep('info'), debug: keep('debug') };
  return { ...log, lines, child: () => log };
}
