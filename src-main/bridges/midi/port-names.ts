/** The names of ports as they stay over replugging and restarts: ALSA adds the numbers of client and port (`Keys:Keys MIDI 1
 *  28:0`); elsewhere a number is a part of the name (`loopMIDI Port 1`), since our library is built to add none. Of several ports with one
 *  name the second is ` #2`, and so on: those can only be told apart by their order.
 *  @param platform as `process.platform` */
export function stablePortNames(names: readonly string[], platform: string): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const stable = withoutNumbers(name, platform);
    const count = (seen.get(stable) ?? 0) + 1;
    seen.set(stable, count);
    return count === 1 ? stable : `${stable} #${count}`;
  });
}

export interface FoundPort {
  /** its place in the list of the system, and its name there */
  readonly index: number;
  readonly name: string;
  /** whether another port has the same name */
  readonly hasTwin: boolean;
}

/** @param wanted as `stablePortNames` gives it; a name with the numbers of the system is understood too
 *  @returns undefined while it is not there */
export function findPort(wanted: string, names: readonly string[], platform: string): FoundPort | undefined {
  const stable = stablePortNames(names, platform);
  const index = stable.includes(wanted) ? stable.indexOf(wanted) : stable.indexOf(withoutNumbers(wanted, platform));
  const name = names[index];
  if (name === undefined) return undefined;
  const own = withoutNumbers(name, platform);
  const hasTwin = names.filter((other) => withoutNumbers(other, platform) === own).length > 1;
  return { index, name, hasTwin };
}

function withoutNumbers(name: string, platform: string): string {
  return platform === 'linux' ? name.replace(/ \d+:\d+$/, '') : name;
}
