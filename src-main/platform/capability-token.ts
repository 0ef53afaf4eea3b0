import { createHash } from 'node:crypto';
import { Decoder, encode } from '@msgpack/msgpack';
import { scopesMax } from '../contract/scope.ts';
import { z } from '../contract/zod.ts';

export const capabilityPrefix = 'cap_';
/** Of the text. */
export const capabilityLettersMax = 64 * 1024;
export const proofsMax = 5;
export const audienceBytesMax = 128;

const keyBytes = 32;
const signatureBytes = 64;
/** u64 seconds, one byte of flags, the signature. */
const proofSignatureBytes = 8 + 1 + signatureBytes;

/** One step of a delegation: its issuer lets the next issuer hand on these scopes. */
export interface Proof {
  readonly issuer: Uint8Array;
  readonly scopes: readonly string[];
  /** seconds since the Unix epoch */
  readonly expiresAt: number;
  /** counts only for tokens with the audience that was signed here */
  readonly hasAudience: boolean;
  /** Ed25519, of `bytesOfProof` */
  readonly signature: Uint8Array;
}

export interface CapabilityToken {
  readonly issuer: Uint8Array;
  /** UTF-8 of the name of the one router that it is for; undefined: any that trusts its issuer */
  readonly audience: Uint8Array | undefined;
  readonly scopes: readonly string[];
  /** seconds since the Unix epoch */
  readonly expiresAt: number;
  readonly nonce: string;
  /** first that of who is trusted, last that which names this token's issuer */
  readonly proofs: readonly Proof[];
  /** Ed25519, of `bytesOfToken` */
  readonly signature: Uint8Array;
}

const bytes = z.array(z.int().min(0).max(255));
const key = bytes.length(keyBytes);
const scopes = z.array(z.string()).max(scopesMax);
const wireSchema = z.strictObject({
  version: z.literal(1),
  issuer: key,
  audience: bytes.max(audienceBytesMax).nullish(),
  scopes,
  expires_at: z.int().min(0),
  nonce: z.string().max(256),
  proofs: z
    .array(z.strictObject({ issuer: key, scopes, signature: z.instanceof(Uint8Array) }))
    .max(proofsMax)
    .optional(),
  signature: z.instanceof(Uint8Array),
});

/** Reads the MessagePack of tokens and delegations: within these bounds nothing that a header claims is believed before it is there. */
export const capabilityDecoder = new Decoder({
  maxStrLength: 2048,
  maxBinLength: 128,
  maxArrayLength: 128,
  maxMapLength: 8,
  maxExtLength: 0,
});

/** Reads `cap_` and base64url of a MessagePack map, in one form only, so that nobody makes another text of the same token: fields in
 *  their order, keys as arrays of numbers, signatures as bin, numbers as short as they can be, base64url without padding. Where
 *  there is no audience the field is nil or left out, where there are no proofs it is empty or left out.
 *  @returns undefined for anything else; no signature is looked at
 *  @see CLASP-WIRE §14 */
export function decodeCapability(text: string): CapabilityToken | undefined {
  if (!text.startsWith(capabilityPrefix) || text.length > capabilityLettersMax) return undefined;
  try {
    const { success, data } = wireSchema.safeParse(
      capabilityDecoder.decode(Buffer.from(text.slice(capabilityPrefix.length), 'base64url')),
    );
    if (!success) return undefined;
    const proofs = data.proofs?.map(({ issuer, scopes, signature }) => proofOf(issuer, scopes, signature)) ?? [];
    if (data.signature.length !== signatureBytes) return undefined;
    const token: CapabilityToken = {
      issuer: Uint8Array.from(data.issuer),
      audience: data.audience ? Uint8Array.from(data.audience) : undefined,
      scopes: data.scopes,
      expiresAt: data.expires_at,
      nonce: data.nonce,
      proofs: proofs.flatMap((each) => each ?? []),
      signature: data.signature,
    };
    const written = { audience: 'audience' in data, proofs: 'proofs' in data };
    return encodeCapability(token, written) === text ? token : undefined;
  } catch {
    return undefined;
  }
}

/** @param written fields that are there although they hold nothing */
export function encodeCapability(
  token: CapabilityToken,
  written: { readonly audience?: boolean; readonly proofs?: boolean } = {},
): string {
  const { issuer, audience, scopes, expiresAt, nonce, proofs, signature } = token;
  const map = {
    version: 1,
    issuer: [...issuer],
    ...((audience ?? written.audience) && { audience: audience ? [...audience] : null }),
    scopes,
    expires_at: expiresAt,
    nonce,
    ...((proofs.length > 0 || written.proofs) && { proofs: proofs.map(wireOfProof) }),
    signature,
  };
  return capabilityPrefix + Buffer.from(encode(map)).toString('base64url');
}

/** What a token's signature covers: the map without it, audience nil and proofs empty where there are none. */
export function bytesOfToken({
  issuer,
  audience,
  scopes,
  expiresAt,
  nonce,
  proofs,
}: Omit<CapabilityToken, 'signature'>) {
  return encode({
    version: 1,
    issuer: [...issuer],
    audience: audience ? [...audience] : null,
    scopes,
    expires_at: expiresAt,
    nonce,
    proofs: proofs.map(wireOfProof),
  });
}

/** What a proof is about beside itself. */
export interface ProofPlace {
  /** the issuer of the next proof, or of the token behind the last one: nobody else can go on from here */
  readonly delegate: Uint8Array;
  /** of the token, for proofs that have one */
  readonly audience: Uint8Array | undefined;
  /** the proof before this one */
  readonly previous: Proof | undefined;
}

const proofDomain = Buffer.from('flyrail capability proof 1\0');

/** What a proof's signature covers: the text `flyrail capability proof 1`, a zero byte, and the MessagePack map `{issuer,
 *  delegate, audience, scopes, expires_at, previous}`. The text keeps it apart from tokens, `delegate` from other hands,
 *  `previous` (the signature field of the proof before, as it is on the wire) from other chains. CLASP leaves this open; the reference
 *  router puts the signature of the whole parent token there, of which the chain has lost the rest, and checks none. */
export function bytesOfProof(
  proof: Omit<Proof, 'signature'>,
  { delegate, audience, previous }: ProofPlace,
): Uint8Array {
  const map = encode({
    issuer: [...proof.issuer],
    delegate: [...delegate],
    audience: proof.hasAudience && audience ? [...audience] : null,
    scopes: proof.scopes,
    expires_at: proof.expiresAt,
    previous: previous ? wireOfProof(previous).signature : null,
  });
  return Buffer.concat([proofDomain, map]);
}

/** What logs and revocation call a token or a proof: nothing that it can be made from.
 *  @param signed `bytesOfToken` or `bytesOfProof` */
export function capabilityId(signed: Uint8Array): string {
  return `cap:${createHash('sha256').update(signed).digest('hex').slice(0, 32)}`;
}

/** The field `signature` of a proof holds its end and flags too, since CLASP's proof has no other place for them. */
export function wireOfProof({ issuer, scopes, expiresAt, hasAudience, signature }: Proof) {
  const field = Buffer.alloc(proofSignatureBytes);
  field.writeBigUInt64BE(BigInt(expiresAt));
  field.writeUInt8(hasAudience ? 1 : 0, 8);
  field.set(signature, 9);
  return { issuer: [...issuer], scopes, signature: new Uint8Array(field) };
}

/** @returns undefined for a field that is not ours */
export function proofOf(issuer: readonly number[], scopes: readonly string[], field: Uint8Array): Proof | undefined {
  if (field.length !== proofSignatureBytes) return undefined;
  const view = new DataView(field.buffer, field.byteOffset, field.byteLength);
  const [end, flags] = [view.getBigUint64(0), view.getUint8(8)];
  if (end > BigInt(Number.MAX_SAFE_INTEGER) || flags > 1) return undefined;
  return {
    issuer: Uint8Array.from(issuer),
    scopes,
    expiresAt: Number(end),
    hasAudience: flags === 1,
    signature: field.slice(9),
  };
}
