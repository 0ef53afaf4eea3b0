import type { CommandIo } from '../../src-main/cli/command-io.ts';
import { runCommand } from '../../src-main/cli/run-command.ts';
import type { StopRequest } from '../../src-main/cli/stop-signals.ts';

export interface CliRun {
  readonly done: Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  stdout(): string;
  stderr(): string;
  /** as SIGINT does */
  stop(): void;
}

/** Runs a command line in this process. */
export function startCli(...args: readonly string[]): CliRun {
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written): CommandIo['stdout'] => ({
    write: (text, done) => {
      written[name] += text;
      done?.();
    },
  });
  let stop: (reason: string) => void = () => undefined;
  const requested = new Promise<string>((resolve) => (stop = resolve));
  const stopping: StopRequest = { requested, request: stop, forget: () => undefined };
  const io: CommandIo = { stdout: into('stdout'), stderr: into('stderr'), stopping };
  return {
    done: runCommand(args, io).then((code) => ({ code, ...written })),
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    stop: () => stop('the test is over'),
  };
}

export function runCli(...args: readonly string[]): CliRun['done'] {
  return startCli(...args).done;
}
