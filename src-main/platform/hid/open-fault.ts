import { accessSync, constants } from 'node:fs';
import { UnavailableError, messageOf } from '../../contract/errors.ts';

interface OpenAttempt {
  readonly platform: string;
  /** throws the system's error where this user may not read and write there */
  readonly access?: (path: string) => void;
}

/** Why a HID device could not be opened, in a sentence that says what to do.
 *  @param path as the system lists it */
export function hidOpenFault(
  path: string,
  cause: unknown,
  { platform, access = tryAccess }: OpenAttempt,
): UnavailableError {
  const refuse = (words: string): UnavailableError =>
    new UnavailableError('cannot-open-port', words, { path }, { cause });
  if (platform === 'linux') {
    const code = codeOf(() => access(path));
    if (code === 'EACCES' || code === 'EPERM')
      return refuse(
        `${path} may not be opened by this user: add the udev rule of docs/bridges/hid.md, and plug it in again.`,
      );
    if (code === 'ENOENT') return refuse(`${path} is not there: plug it in.`);
  }
  if (platform === 'darwin' && /privilege|not permitted|0xE00002E2/i.test(messageOf(cause)))
    return refuse('macOS does not let Flyrail read this device: allow it under Privacy, Input Monitoring.');
  const said = messageOf(cause).replace(/\.$/, '');
  return refuse(`The device cannot be opened: ${said}. Another program may have it.`);
}

/** Why the library could not be loaded. */
export function hidLoadFault(cause: unknown): UnavailableError {
  const said = messageOf(cause);
  const missing = /(lib(?:usb-1\.0|udev)[\w.-]*)/.exec(said)?.[1];
  const what = missing ? `${missing} is missing: install libusb-1.0-0 and libudev1.` : `${said.replace(/\.$/, '')}.`;
  return new UnavailableError('cannot-open-port', `HID devices cannot be used on this machine: ${what}`, {}, { cause });
}

function tryAccess(path: string): void {
  accessSync(path, constants.R_OK | constants.W_OK);
}

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
