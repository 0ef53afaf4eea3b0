import { access } from 'node:fs/promises';

/** What systems say of a device that is gone. Some chips say it too when their signals cannot be read. */
const gone = /input\/output error|no such device|device not configured|bad file descriptor/i;

/** Whether an open port leads nowhere any more: serialport misses the end of a line that comes within some ms of its opening.
 *  While a port is open no other gets its name, so a name that is not there was taken with the device. Always false on Windows, where
 *  `watchListed` tells.
 *  @param fault of reading the signals of the port
 *  @param path where it was opened */
export async function hasHungUp(fault: Error | null, path: string): Promise<boolean> {
  if (!fault || !gone.test(fault.message)) return false;
  return access(path).then(
    () => false,
    () => true,
  );
}
