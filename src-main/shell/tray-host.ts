import { execFile } from 'node:child_process';

const answerWithinMs = 1000;
const question = [
  'call',
  '--session',
  '--dest=org.freedesktop.DBus',
  '--object-path=/org/freedesktop/DBus',
  '--method=org.freedesktop.DBus.NameHasOwner',
  'org.kde.StatusNotifierWatcher',
];

/** Whether an icon in the tray would be seen. Windows and macOS always show it; on Linux it needs a desktop with a
 *  StatusNotifierWatcher, which GNOME lacks, and Electron does not say.
 *  @param platform `process.platform` */
export function hasTrayHost(platform: string): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    execFile('gdbus', question, { timeout: answerWithinMs }, (error, stdout) => {
      resolve(!error && stdout.includes('true'));
    });
  });
}
