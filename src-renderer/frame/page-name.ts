/** What this page is called in the list of paired ones, until somebody calls it otherwise. @param agent as the browser says */
export function pageName(agent: string): string {
  const [, name] = known.find(([pattern]) => pattern.test(agent)) ?? [];
  return name ?? 'Browser';
}

const known: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android.*Mobile/, 'Android phone'],
  [/Android/, 'Android tablet'],
  [/Macintosh/, 'Mac'],
  [/Windows/, 'Windows computer'],
  [/Linux/, 'Linux computer'],
];
