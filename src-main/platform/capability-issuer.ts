import { randomUUID, sign } from 'node:crypto';
import { encode } from '@msgpack/msgpack';
import { InputError } from '../contract/errors.ts';
import { formatScope, parseScope, scopeContains, type Scope } from '../contract/scope.ts';
import { z } from '../contract/zod.ts';
import {
  audienceBytesMax,
  bytesOfProof,
  bytesOfToken,
  capabilityDecoder,
  capabilityId,
  encodeCapability,
  proofOf,
  proofsMax,
  wireOfProof,
  type Proof,
} from './capability-token.ts';
import { isSignedBy, type SigningKey } from './ed25519-keys.ts';

export const delegationPrefix = 'capd_';

/** What a key may hand on: it opens nothing by itself, and is of use to nobody but the holder of the key. */
export interface Delegation {
  /** public key, 32 bytes */
  readonly delegate: Uint8Array;
  /** UTF-8 of the one router that all below it is for */
  readonly audience: Uint8Array | undefined;
  readonly proofs: readonly Proof[];
}

export interface Issue {
  readonly key: SigningKey;
  /** undefined: the key is itself a trust anchor */
  readonly parent: Delegation | undefined;
  readonly scopes: readonly Scope[];
  /** the name of the one router that it is for */
  readonly audience: string | undefined;
  /** seconds since the Unix epoch; cut to that of the parent */
  readonly expiresAt: number;
}

export interface Issued {
  readonly text: string;
  readonly id: string;
  /** seconds since the Unix epoch */
  readonly expiresAt: number;
}

const bytes = z.array(z.int().min(0).max(255));
const wireSchema = z.strictObject({
  version: z.literal(1),
  delegate: bytes.length(32),
  audience: bytes.max(audienceBytesMax).nullable(),
  proofs: z
    .array(
      z.strictObject({ issuer: bytes.length(32), scopes: z.array(z.string()), signature: z.instanceof(Uint8Array) }),
    )
    .min(1)
    .max(proofsMax),
});
/** Makes a token for a device: it opens what is said in its scopes, to whoever shows it.
 *  @throws InputError 'bad-token' where the parent does not allow it */
export function issueCapability(issue: Issue): Issued {
  const { key, scopes, parent } = issue;
  const { audience, expiresAt } = bounded(issue);
  const token = {
    issuer: key.publicKey,
    audience,
    scopes: scopes.map(formatScope),
    expiresAt,
    nonce: randomUUID(),
    proofs: parent?.proofs ?? [],
  };
  const signed = bytesOfToken(token);
  const signature = new Uint8Array(sign(null, signed, key.privateKey));
  return { text: encodeCapability({ ...token, signature }), id: capabilityId(signed), expiresAt };
}

/** Lets another key make tokens, or hand on, within these scopes.
 *  @param delegate its public key, 32 bytes
 *  @throws InputError 'bad-token' where the parent does not allow it, or the chain would be too long */
export function issueDelegation(issue: Issue, delegate: Uint8Array): Issued {
  const { key, scopes, parent } = issue;
  const { audience, expiresAt } = bounded(issue);
  const before = parent?.proofs ?? [];
  if (before.length >= proofsMax) throw badParent(`a chain has at most ${proofsMax} steps before the token`);
  const proof = {
    issuer: key.publicKey,
    scopes: scopes.map(formatScope),
    expiresAt,
    hasAudience: audience !== undefined,
  };
  const signed = bytesOfProof(proof, { delegate, audience, previous: before.at(-1) });
  const signature = new Uint8Array(sign(null, signed, key.privateKey));
  const text = encodeDelegation({ delegate, audience, proofs: [...before, { ...proof, signature }] });
  return { text, id: capabilityId(signed), expiresAt };
}

/** @throws InputError 'bad-token' for what is none, or was changed since it was signed */
export function decodeDelegation(text: string): Delegation {
  const found = tryDecode(text);
  if (!found) throw badParent(`expected ${delegationPrefix}… as flyrail token create --kind delegation prints it`);
  const { proofs, delegate, audience } = found;
  const isWhole = proofs.every((proof, index) => {
    const next = proofs[index + 1]?.issuer ?? delegate;
    const signed = bytesOfProof(proof, { delegate: next, audience, previous: proofs[index - 1] });
    return isSignedBy(proof.issuer, signed, proof.signature);
  });
  if (!isWhole) throw badParent('a signature in it is not that of its issuer');
  return found;
}

function tryDecode(text: string): Delegation | undefined {
  if (!text.startsWith(delegationPrefix)) return undefined;
  try {
    const data = wireSchema.parse(
      capabilityDecoder.decode(Buffer.from(text.slice(delegationPrefix.length), 'base64url')),
    );
    const proofs = data.proofs.flatMap(({ issuer, scopes, signature }) => proofOf(issuer, scopes, signature) ?? []);
    const audience = data.audience === null ? undefined : Uint8Array.from(data.audience);
    const found = { delegate: Uint8Array.from(data.delegate), audience, proofs };
    return encodeDelegation(found) === text ? found : undefined;
  } catch {
    return undefined;
  }
}

function encodeDelegation({ delegate, audience, proofs }: Delegation): string {
  const map = {
    version: 1,
    delegate: [...delegate],
    audience: audience ? [...audience] : null,
    proofs: proofs.map(wireOfProof),
  };
  return delegationPrefix + Buffer.from(encode(map)).toString('base64url');
}

/** What the parent leaves. */
function bounded({ key, parent, scopes, audience, expiresAt }: Issue) {
  const own = audience === undefined ? undefined : new Uint8Array(Buffer.from(audience));
  if (!parent) return { audience: own, expiresAt };
  if (!Buffer.from(parent.delegate).equals(key.publicKey))
    throw badParent('it is for another key than that of --issuer-key');
  if (parent.audience && own && !Buffer.from(parent.audience).equals(own))
    throw badParent('it is for another router than that of --audience');
  const outer = (parent.proofs.at(-1)?.scopes ?? []).map(parseScope);
  const wide = scopes.find((scope) => !outer.some((each) => scopeContains(each, scope)));
  if (wide) throw badParent(`it does not allow ${formatScope(wide)}`);
  return {
    audience: parent.audience ?? own,
    expiresAt: Math.min(expiresAt, ...parent.proofs.map((proof) => proof.expiresAt)),
  };
}

function badParent(reason: string): InputError {
  return new InputError('bad-token', `--parent: ${reason}.`);
}
