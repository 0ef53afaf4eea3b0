import type { Role } from './role.ts';
import { z } from './zod.ts';

/** What a browser, or `flyrail pair --with`, and the interface's port say to each other while somebody logs in: two turns
 *  of OPAQUE (RFC 9807), so that neither who listens nor who answers in the engine's place learns a PIN or a code, or can
 *  try more than one for each turn. All bodies are JSON. */

/** `GET /login` */
export interface LoginOffer {
  readonly ways: { readonly pin: boolean; readonly code: boolean };
  /** hex; of every PIN of this machine, see `pinStretch` */
  readonly salt: string;
}

/** A PIN is stretched by scrypt before anything is made of it; a guess costs 32 MiB and a tenth of a second. */
export const pinStretch = { N: 2 ** 15, r: 8, p: 1, dkLen: 32 } as const;

/** Of OPAQUE itself: PINs are stretched before, codes live too short, and keys are as long as it needs. */
export const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 8, parallelism: 1 } } as const;

/** Both ends must mean the same, or they do not agree. @param way what is proven */
export function identifiersOf(way: LoginWay): { readonly client: string; readonly server: string } {
  return { client: `flyrail ${way}`, server: 'flyrail' };
}

/** pin: one that was set for a role. device: the key that a paired page keeps. code: of the pairing that is open. */
export type LoginWay = 'pin' | 'device' | 'code';

/** Base64url, as long as OPAQUE's longest and some. */
const message = z.string().max(512);
const name = z.string().trim().min(1).max(60);
const deviceId = z.string().max(64);

/** `POST /login/start`: without a device it is a PIN */
export const loginStartSchema = z.strictObject({ message, device: deviceId.optional() });
/** `POST /pair/start` */
export const pairStartSchema = z.strictObject({ message });
/** `POST /login/finish`; an empty message gives up, which is what somebody honest does with a wrong PIN */
export const loginFinishSchema = z.strictObject({
  exchange: z.string().max(64),
  /** which of the answers it was that fitted */
  answer: z.int().min(0).max(2),
  message,
});
/** `POST /pair/finish`; a page gets a session and a key of its own, a client of CLASP a token */
export const pairFinishSchema = loginFinishSchema.extend({ name, kind: z.enum(['page', 'client']) });

export interface LoginStarted {
  readonly exchange: string;
  /** of a PIN one for each role that has one */
  readonly answers: readonly string[];
  /** of a code */
  readonly attemptsLeft: number | null;
}

export interface LoginDone {
  readonly role: Role;
  /** of a page that was paired: it keeps this and the key that both ends agreed on */
  readonly device: string | null;
  /** of a client that was paired: its token, sealed with the key that both ends agreed on; see `sealed` */
  readonly sealed: string | null;
}

/** Names what the key of a sealed token is derived for, by HKDF-SHA-256 without salt. The text is base64url of 12 bytes of
 *  nonce, what AES-256-GCM makes of the token, and its 16 bytes of tag. */
export const sealPurpose = 'flyrail pair token';
