import {
  byIdSchema,
  interfaceReachSchema,
  ofRoleSchema,
  setPinSchema,
  type InterfaceReach,
  type RemoteState,
} from './remote-access.ts';
import type { Role } from './role.ts';
import { z } from './zod.ts';

/** The arguments of the commands on who may come to the interface. */
export const interfaceArguments = {
  setInterface: interfaceReachSchema,
  setPin: setPinSchema,
  clearPin: ofRoleSchema,
  startPairing: ofRoleSchema,
  stopPairing: z.undefined(),
  endSession: byIdSchema,
  revokePaired: byIdSchema,
} as const;

/** Who may come to the interface of this machine, and with what. */
export interface InterfaceCommands {
  /** lets other machines reach the interface, or no more; refused with 'no-login' while nobody could log in */
  setInterface(args: InterfaceReach): Promise<RemoteState>;
  /** without a PIN one is made; it is told this once. Refused with 'bad-value' for one that is tried first or that another
   *  role has */
  setPin(args: { role: Role; pin?: string | undefined }): Promise<{ readonly pin: string }>;
  /** who came in by it is out */
  clearPin(args: { role: Role }): Promise<RemoteState>;
  /** a code for one page or client to come in with this role, in place of the code before */
  startPairing(args: { role: Role }): Promise<RemoteState>;
  stopPairing(): Promise<RemoteState>;
  endSession(args: { id: string }): Promise<RemoteState>;
  /** the page is out, and its key is worth nothing */
  revokePaired(args: { id: string }): Promise<RemoteState>;
}
