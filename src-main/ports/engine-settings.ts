import type { AccessRules } from '../contract/access-rules.ts';
import type { KeptDoor } from '../contract/door.ts';
import type { DiscoveryMode } from '../contract/discovery.ts';
import type { ShowRef } from '../contract/engine-api.ts';
import type { InterfaceReach } from '../contract/remote-access.ts';
import type { Millis } from '../contract/units.ts';

/** What belongs to this machine rather than to a show. Small; read once at start. */
export interface EngineSettings {
  /** origins of web pages that may open a CLASP connection, beside this machine's own */
  readonly allowedOrigins: readonly string[];
  /** ways in beside those of the command line */
  readonly doors: readonly KeptDoor[];
  /** who may connect, and how fast they may send */
  readonly accessRules: AccessRules;
  /** newest first, at most `recentShowsMax` */
  readonly recentShows: readonly RecentShow[];
  /** a UUID that tells this router from all others; none before its first link */
  readonly routerId?: string | undefined;
  /** without it nobody chose */
  readonly discovery?: DiscoveryMode | undefined;
  /** whether other machines reach the interface, as the window left it */
  readonly interface: InterfaceReach;
}

export interface RecentShow {
  readonly ref: ShowRef;
  readonly name: string;
  readonly openedAt: Millis;
}

export const recentShowsMax = 20;

export interface EngineSettingsStore {
  /** the settings as they are now, also when the last write of them failed */
  current(): EngineSettings;
  /** Settles when it is on disk.
   *  @throws UnavailableError 'cannot-write-file'; the change holds until the end of the process all the same */
  update(change: Partial<EngineSettings>): Promise<void>;
}
