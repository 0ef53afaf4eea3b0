import process from 'node:process';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** How often to look whether the npm that started us is still there. */
const parentCheckMs = 500;

export interface StopRequest {
  /** settles with the reason of the first request; more of them change nothing */
  readonly requested: Promise<string>;
  readonly request: (reason: string) => void;
  /** Gives the signals back to the system. Not before a process ends: a repeated signal would then end it at once. */
  forget(): void;
}

/** A signal asks for the end. Under npm the end of npm asks too: killed hard, it cannot pass a signal on and would leave
 *  us behind, holding the ports. */
export function waitForStop(): StopRequest {
  let request: (reason: string) => void = () => undefined;
  const requested = new Promise<string>((resolve) => (request = resolve));
  const onSignal = (signal: NodeJS.Signals): void => {
    request(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  const parent = process.ppid;
  const watch =
    process.env['npm_lifecycle_event'] === undefined ? undefined : setInterval(checkParent, parentCheckMs).unref();
  return {
    requested,
    request,
    forget: () => {
      for (const signal of signals) process.off(signal, onSignal);
      clearInterval(watch);
    },
  };

  function checkParent(): void {
    if (process.ppid !== parent) request('the parent process ended');
  }
}
