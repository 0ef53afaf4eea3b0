import { fork } from 'node:child_process';
import type { Log } from '../../ports/log.ts';
import type { FromRadio, RadioProcess } from './radio-messages.ts';

/** What the process is to load. */
export interface RadioProcessData {
  readonly role: 'central' | 'peripheral';
  /** number of the adapter on Linux */
  readonly hci: number | undefined;
}

/** A process, and no thread: the addon of the adapter ends the whole process when its thread is torn from a call.
 *  @param entry `out/main/ble-radio.js` */
export function startRadioProcess(entry: string | URL, data: RadioProcessData, log: Log): RadioProcess {
  // Detached: Ctrl C is for us, who end it in order. It ends by itself when we are gone.
  const child = fork(entry, [JSON.stringify(data)], {
    serialization: 'advanced',
    detached: true,
    execArgv: [],
    silent: true,
  });
  let fault = 'the process ended';
  // A library's warnings are for its developers; on our stdout they would stand between lines of JSON.
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      const says = text.toString().trim();
      fault = /^\w*Error.*$/m.exec(says)?.[0] ?? fault;
      log.debug('bluetooth library', { says });
    });
  const gone = new Promise<void>((resolve) => {
    // The last of them, also where it could not be started.
    child.on('close', () => resolve());
    child.on('error', (error) => {
      fault = error.message;
      if (child.pid === undefined) resolve();
    });
  });
  return {
    tell: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (run) => child.on('message', (message) => run(message as FromRadio)),
    onGone: (run) => void gone.then(() => run(fault)),
    end: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}
