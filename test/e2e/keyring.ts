import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';

/** A desktop session with GNOME's keyring, unlocked, on a session bus and in folders of its own. */
export interface KeyringSession {
  /** for programs that are to find it */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @returns why there can be none here; undefined when there can */
export function whyNoKeyring(): string | undefined {
  const missing = ['dbus-daemon', 'gnome-keyring-daemon'].filter((name) => spawnSync(name, ['--version']).error);
  return missing.length > 0 ? `${missing.join(' and ')} not installed` : undefined;
}

export async function openKeyring(): Promise<KeyringSession> {
  const folder = mkdtempSync(join(tmpdir(), 'flyrail-keyring-'));
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = (await once(createInterface({ input: bus.stdout }), 'line')) as [string];
  const env = { DBUS_SESSION_BUS_ADDRESS: address, XDG_CURRENT_DESKTOP: 'GNOME' };
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets', '--unlock'], {
    env: { ...process.env, ...env, HOME: folder, XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: folder },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The password of a new keyring.
  daemon.stdin.end('a stage password');
  await expect.poll(() => ownerOfSecrets(env)).toBe(0);
  return {
    env,
    close: async () => {
      await end(daemon);
      await end(bus);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns 0 when somebody answers for it on the bus */
function ownerOfSecrets(env: Readonly<Record<string, string>>): number | null {
  const ask = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.GetNameOwner'];
  return spawnSync('dbus-send', [...ask, 'string:org.freedesktop.secrets'], { env: { ...process.env, ...env } }).status;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = child.exitCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await gone;
}
