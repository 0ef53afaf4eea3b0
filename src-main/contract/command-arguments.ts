import { portKinds } from './device.ts';
import { accessRulesSchema, newTokenSchema } from './access-rules.ts';
import { keptDoorSchema } from './door.ts';
import { discoveryModes } from './discovery.ts';
import { dmxArguments } from './dmx-commands.ts';
import { profileTextMax } from './fixture.ts';
import { interfaceArguments } from './interface-commands.ts';
import { newSecretSchema } from './secret.ts';
import { editRequestSchema } from './show-edit.ts';
import { showLimits } from './show.ts';
import { signalKinds } from './signal.ts';
import { z } from './zod.ts';

/** A show by its name in the data folder, or, from the desktop window only, by its path. */
export const showRefSchema = z.union([
  z.strictObject({ name: z.string().min(1).max(showLimits.name) }),
  z.strictObject({ path: z.string().min(1).max(4096) }),
]);
export type ShowRef = z.infer<typeof showRefSchema>;

/** The arguments of every command, as the engine checks them at its edge. */
export const commandArguments = {
  snapshot: z.undefined(),
  edit: editRequestSchema,
  undo: z.undefined(),
  redo: z.undefined(),
  newShow: z.strictObject({ name: z.string().min(1).max(showLimits.name) }),
  openShow: showRefSchema,
  openDemo: z.undefined(),
  saveShow: z.undefined(),
  saveShowAs: z.strictObject({ to: showRefSchema, overwrite: z.boolean(), basedOn: z.int().min(0).optional() }),
  listShows: z.undefined(),
  listBackups: z.undefined(),
  restoreBackup: z.strictObject({ id: z.string().min(1).max(200) }),
  startLearn: z.undefined(),
  stopLearn: z.undefined(),
  watchMonitor: z.strictObject({ pattern: z.string().min(1).max(1024) }),
  unwatchMonitor: z.undefined(),
  watchDevice: z.strictObject({ bridgeId: z.string().min(1).max(64) }),
  unwatchDevice: z.undefined(),
  sendSignal: z.strictObject({
    kind: z.enum(signalKinds).extract(['param', 'event', 'stream']),
    address: z.string().min(1).max(1024),
    /** JSON; numbers travel as f64 */
    value: z.json(),
    /** a number without decimals travels as i32, or as i64 where it is too large for that */
    whole: z.boolean().optional(),
  }),
  resend: z.strictObject({ bridgeId: z.string().min(1).max(64).optional() }),
  leaveAsIs: z.strictObject({ bridgeId: z.string().min(1).max(64) }),
  listNetworkCards: z.undefined(),
  listPorts: z.strictObject({ of: z.enum(portKinds) }),
  learnControls: z.strictObject({ device: z.string().max(512), part: z.string().max(16) }),
  allowOrigin: z.strictObject({ origin: z.string().min(1).max(255) }),
  forbidOrigin: z.strictObject({ origin: z.string().min(1).max(255) }),
  makeUiLink: z.undefined(),
  putDoor: keptDoorSchema,
  switchDoor: z.strictObject({ id: z.string().min(1).max(64), enabled: z.boolean() }),
  removeDoor: z.strictObject({ id: z.string().min(1).max(64) }),
  setAccessRules: accessRulesSchema,
  createToken: newTokenSchema,
  listTokens: z.undefined(),
  revokeToken: z.strictObject({ id: z.string().min(1).max(64) }),
  setSecret: newSecretSchema,
  setDiscovery: z.strictObject({ mode: z.enum(discoveryModes) }),
  lookAgain: z.undefined(),
  connectFound: z.strictObject({ key: z.string().min(1).max(64) }),
  ...interfaceArguments,
  ...dmxArguments,
  importProfile: z.strictObject({ name: z.string().min(1).max(255), text: z.string().max(profileTextMax) }),
} as const;
export type CommandName = keyof typeof commandArguments;
