import { roleSchema, type Role } from './role.ts';
import type { Millis } from './units.ts';
import { z } from './zod.ts';

/** Six to twelve digits. */
export const pinSchema = z.string().regex(/^\d{6,12}$/, 'expected 6 to 12 digits');

export const setPinSchema = z.strictObject({ role: roleSchema, pin: pinSchema.optional() });
export const ofRoleSchema = z.strictObject({ role: roleSchema });
export const byIdSchema = z.strictObject({ id: z.string().min(1).max(64) });

/** network: browsers on other machines reach the interface. encrypted: over TLS, with this machine's certificate. */
export const interfaceReachSchema = z.strictObject({ network: z.boolean(), encrypted: z.boolean() });
export type InterfaceReach = z.infer<typeof interfaceReachSchema>;

/** Who may come to the interface, and who is there; for Edit alone. */
export interface RemoteState {
  /** off: there is no interface for browsers */
  readonly reach: 'off' | 'loopback' | 'network';
  /** where it is found, one for each network card; no secret in them */
  readonly urls: readonly { readonly card: string; readonly url: string }[];
  /** over TLS */
  readonly encrypted: boolean;
  readonly sessions: readonly SessionInfo[];
  /** roles that have a PIN */
  readonly pins: readonly Role[];
  readonly pairing: PairingInfo | null;
  readonly paired: readonly PairedDevice[];
}

/** What let somebody in. link: the one-time link of this machine. */
export type SessionWay = 'link' | 'pin' | 'code' | 'device';

export interface SessionInfo {
  readonly id: string;
  readonly role: Role;
  readonly way: SessionWay;
  /** of a paired page its name; else empty */
  readonly name: string;
  readonly peer: string;
  readonly since: Millis;
  readonly lastSeen: Millis;
  /** pages of it that are open now */
  readonly pages: number;
}

export interface PairingInfo {
  /** six digits */
  readonly code: string;
  readonly role: Role;
  readonly expiresAt: Millis;
  readonly attemptsLeft: number;
}

export interface PairedDevice {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly since: Millis;
  readonly lastSeen: Millis | null;
}
