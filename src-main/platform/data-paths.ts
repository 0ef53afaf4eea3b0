import { join } from 'node:path';
import envPaths from 'env-paths';

/** The folders in which Flyrail keeps what it needs on this machine. */
export interface DataPaths {
  readonly root: string;
  /** shows that have a name instead of a path: `gala.flyrail` */
  readonly shows: string;
  /** the working copy */
  readonly working: string;
  readonly backups: string;
  /** the operator's layouts of HID devices; made by who writes one */
  readonly hidLayouts: string;
  /** small settings of this machine */
  readonly settingsFile: string;
  /** who may come to the interface: PINs, paired pages */
  readonly accessFile: string;
  /** how programs of this user on this machine reach the interface while Flyrail runs */
  readonly doorFile: string;
  /** what is shown to who dials with TLS, and who signed it */
  readonly certificates: string;
  /** who came, went and was refused, and what was edited */
  readonly auditFile: string;
  /** who may connect, without the tokens themselves */
  readonly tokensFile: string;
  /** tokens for routers and services that shows call by name */
  readonly secretsFile: string;
  /** what they are sealed with in the desktop application, itself sealed by the system's keyring */
  readonly secretsKey: string;
  /** with which this machine signs its entries at rendezvous servers */
  readonly rendezvousKey: string;
  /** of the desktop window: its profile, and where it stood */
  readonly desktop: string;
}

/** Names only; nothing is made or looked at.
 *  @param root absolute */
export function dataPaths(root: string): DataPaths {
  return {
    root,
    shows: join(root, 'shows'),
    working: join(root, 'working'),
    backups: join(root, 'backups'),
    hidLayouts: join(root, 'hid'),
    settingsFile: join(root, 'engine.json'),
    accessFile: join(root, 'access.json'),
    doorFile: join(root, 'interface.json'),
    certificates: join(root, 'certificates'),
    auditFile: join(root, 'audit.jsonl'),
    tokensFile: join(root, 'tokens.json'),
    secretsFile: join(root, 'secrets.json'),
    secretsKey: join(root, 'secrets.key'),
    rendezvousKey: join(root, 'rendezvous-key.pem'),
    desktop: join(root, 'desktop'),
  };
}

/** `~/.local/share/flyrail`, `~/Library/Application Support/flyrail`, `%LOCALAPPDATA%\flyrail\Data` */
export function defaultDataFolder(): string {
  return envPaths('flyrail', { suffix: '' }).data;
}
