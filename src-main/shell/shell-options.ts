import { resolve } from 'node:path';
import { defaultDataFolder } from '../platform/data-paths.ts';

/** What the desktop program was started with. */
export interface ShellOptions {
  /** absolute */
  readonly dataFolder: string;
  /** a show to open, absolute */
  readonly show: string | undefined;
  /** flags handed on to the engine */
  readonly flags: readonly string[];
}

/** What may change from one start of the engine to the next. */
export interface EngineStart {
  /** undefined: the last show */
  readonly show: string | undefined;
  /** undefined: as the command line says */
  readonly port: number | undefined;
}

/** Flags with a value that are read here. Everything else on the command line is Chromium's. */
const valued = ['--data', '--host', '--port', '--log-level', '--discovery'] as const;
const handedOn = ['--host', '--port', '--log-level', '--discovery'] as const;
const unauthenticated = '--allow-unauthenticated';

/** @param argv as the process got it: program, perhaps the application's folder, Chromium's switches, ours, a show file
 *  @param folder where relative paths were typed */
export function shellOptions(argv: readonly string[], folder: string): ShellOptions {
  const show = argv.find((each, at) => at > 0 && isShowFile(each) && !isValue(argv, at));
  const flags = handedOn.flatMap((flag) => {
    const value = valueOf(argv, flag);
    return value === undefined ? [] : [`${flag}=${value}`];
  });
  return {
    dataFolder: resolve(folder, valueOf(argv, '--data') ?? defaultDataFolder()),
    show: show === undefined ? undefined : resolve(folder, show),
    flags: argv.includes(unauthenticated) ? [...flags, unauthenticated] : flags,
  };
}

/** @returns the command line of the engine's process, as for `flyrail serve` */
export function engineArguments({ dataFolder, flags }: ShellOptions, { show, port }: EngineStart): readonly string[] {
  return [
    'serve',
    '--json',
    '--ui-later',
    // An operator expects to see what is on the network.
    '--discovery-default=find',
    `--data=${dataFolder}`,
    ...flags.filter((flag) => port === undefined || !flag.startsWith('--port=')),
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(show === undefined ? [] : [`--show=${show}`]),
  ];
}

export function isShowFile(path: string): boolean {
  return !path.startsWith('-') && path.toLowerCase().endsWith('.flyrail');
}

/** Both forms: `--port=0` and `--port 0`; the last one counts. */
function valueOf(argv: readonly string[], flag: string): string | undefined {
  const at = argv.findLastIndex((each) => each === flag || each.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return argv[at] === flag ? argv[at + 1] : argv[at]?.slice(flag.length + 1);
}

function isValue(argv: readonly string[], at: number): boolean {
  return valued.some((flag) => flag === argv[at - 1]);
}
