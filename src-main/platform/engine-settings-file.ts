import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { accessRulesSchema } from '../contract/access-rules.ts';
import { keptDoorSchema, keptDoorsMax } from '../contract/door.ts';
import { discoveryModes } from '../contract/discovery.ts';
import { showRefSchema } from '../contract/command-arguments.ts';
import { messageOf } from '../contract/errors.ts';
import { interfaceReachSchema } from '../contract/remote-access.ts';
import { millis } from '../contract/units.ts';
import { z } from '../contract/zod.ts';
import { recentShowsMax, type EngineSettings, type EngineSettingsStore } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';

const schema = z.object({
  allowedOrigins: z.array(z.string().min(1).max(255)).default([]),
  doors: z.array(keptDoorSchema).max(keptDoorsMax).default([]),
  accessRules: accessRulesSchema.default(accessRulesSchema.parse({})),
  recentShows: z
    .array(z.object({ ref: showRefSchema, name: z.string(), openedAt: z.number().transform(millis) }))
    .transform((shows) => shows.slice(0, recentShowsMax))
    .default([]),
  routerId: z.uuid().optional(),
  discovery: z.enum(discoveryModes).optional(),
  interface: interfaceReachSchema.catch({ network: false, encrypted: false }),
});

/** Keeps the settings of this machine in one JSON file that is replaced whole. One that is missing gives the defaults, and
 *  so does one that is damaged: nothing in it is worth a refusal to start. But whoever damages it must not let himself in: then
 *  tokens are asked for. */
export function openEngineSettings(path: string, log: Log): EngineSettingsStore {
  let settings = readSettings(path, log);
  let written: Promise<unknown> = Promise.resolve();
  return {
    current: () => settings,
    update(change) {
      settings = { ...settings, ...change };
      // One after the other, each with what holds when its turn comes; a failure before does not stop it.
      const done = written.then(() => {
        remakeFolder(dirname(path));
        return replaceFile(path, `${JSON.stringify(settings, null, 2)}\n`);
      });
      written = done.catch(() => undefined);
      return done;
    },
  };
}

function readSettings(path: string, log: Log): EngineSettings {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && ['ENOENT', 'ENOTDIR'].includes(String(cause.code));
    if (missing) return schema.parse({});
    const reason = messageOf(cause);
    log.warn('engine settings are unreadable: defaults hold, and tokens are asked for', { path, reason });
    return schema.parse({ accessRules: { asksForTokens: true } });
  }
}

/** Of a data folder that was deleted while Flyrail runs. Where it cannot be made, the writing that follows says why. */
function remakeFolder(path: string): void {
  try {
    makeFolder(path);
  } catch {
    // See above.
  }
}
