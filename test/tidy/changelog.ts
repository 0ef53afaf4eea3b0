const kinds = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/** Keep a Changelog 1.1.0: a title, `[Unreleased]` first, versions newest first with a date, known kinds of change, entries
 *  as a list.
 *  @returns one sentence for each departure */
export function findChangelogFaults(text: string): string[] {
  const lines = text.split('\n');
  const versions = lines.filter((line) => line.startsWith('## '));
  const faults: string[] = [];
  if (lines[0] !== '# Changelog') faults.push('the first line is "# Changelog"');
  if (versions[0] !== '## [Unreleased]') faults.push('the first version is "## [Unreleased]"');
  for (const version of versions.slice(1)) {
    if (!/^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/.test(version))
      faults.push(`"${version}": expected "## [1.2.3] - 2026-01-31"`);
  }
  const dates = versions.flatMap((version) => /\d{4}-\d{2}-\d{2}$/.exec(version)?.[0] ?? []);
  if (dates.some((date, index) => index > 0 && date > (dates[index - 1] ?? '')))
    faults.push('versions stand newest first');
  for (const kind of lines.filter((line) => line.startsWith('### '))) {
    if (!kinds.includes(kind.slice(4))) faults.push(`"${kind}": expected one of ${kinds.join(', ')}`);
  }
  return faults;
}
