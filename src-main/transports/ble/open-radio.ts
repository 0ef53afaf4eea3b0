import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { OpenRadio } from './ble-transport.ts';
import type { CentralRadio, PeripheralRadio } from './radio.ts';
import { startRadioProcess, type RadioProcessData } from './start-radio-process.ts';
import { ProcessRadio } from './process-radio.ts';

interface RadioNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** the process's entry */
  readonly radioProcess: string | URL;
}

/** This machine's adapters, each use of one in a process of its own. */
export function radiosOf({ clock, log, radioProcess }: RadioNeeds): OpenRadio {
  const open = (data: RadioProcessData): CentralRadio & PeripheralRadio =>
    new ProcessRadio({ clock, log, startProcess: () => startRadioProcess(radioProcess, data, log) });
  return {
    central: (hci) => open({ role: 'central', hci }),
    peripheral: (hci) => open({ role: 'peripheral', hci }),
  };
}
