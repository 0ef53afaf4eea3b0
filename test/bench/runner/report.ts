import { goals } from '../goals.ts';
import { judge, type Judged } from './judge.ts';
import type { Machine } from './machine.ts';
import { caseLabel, failuresOf, type ScenarioResult, type Series } from './result.ts';
import { median } from './statistics.ts';

/** All that docs/bench.json holds. */
export interface BenchRecord {
  readonly machine: Machine;
  readonly scenarios: readonly ScenarioResult[];
}

/** The Markdown of docs/bench.md. */
export function reportOf({ machine, scenarios }: BenchRecord): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    '# Bench',
    '',
    'Made by `npm run bench`; [bench.json](bench.json) holds every round. Figures are medians of the rounds, ratios the median of',
    'the ratios of runs side by side. CPU-seconds are those of the server process with all its threads.',
    '',
    `- Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.system}, Node ${machine.node}; ${machine.pinning}; load average before ${machine.loadBefore}.`,
    `- Versions: ${versions.join(', ')}.`,
    '- `stolen share`: of the time of all cores, what the host of a virtual machine gave to others; a round that loses more than 2 % is',
    '  measured again, up to a dozen times in a scenario, and the calmest of four stands.',
    '- `flyrail` runs with `--journal off`, `flyrail-state` and `flyrail-full` with the journal of that name, `flyrail-access` with `state`,',
    '  tokens and scopes, `flyrail-rates` with rate limits that nothing reaches, `flyrail-tls` behind TLS, `flyrail-doors` with every way in.',
    '- `echo` is a TCP server in C that sends back what it gets, `node-echo` the same in Node: the least that a server in it takes.',
    '',
    '## Goals',
    '',
    ...goalTable(scenarios),
    ...scenarios.flatMap(scenarioPart),
    '',
  ].join('\n');
}

/** One line for each goal that could be judged, then how many there were. */
export function goalLines(scenarios: readonly ScenarioResult[]): readonly string[] {
  const judged = goals.map((goal) => judge(goal, scenarios)).filter(({ verdict }) => verdict !== 'missing');
  return judged.map((each) => `${each.verdict.padEnd(7)} ${shown(each.ratio)} (${wanted(each)})  ${subject(each)}`);
}

function goalTable(scenarios: readonly ScenarioResult[]): readonly string[] {
  const rows = goals
    .map((goal) => judge(goal, scenarios))
    .map((each) => [subject(each), wanted(each), each.ratio === undefined ? '' : shown(each.ratio), each.verdict]);
  return table(['what', 'goal', 'measured', ''], rows);
}

function scenarioPart(result: ScenarioResult): readonly string[] {
  const { name, title, shows, notes = [], measured, series, missing } = result;
  const columns = columnsOf(shows, series);
  const rows = series.map(({ one, target, rounds, failure }) => [
    caseLabel(one),
    target,
    ...columns.map((column) =>
      failure === undefined ? shown(median(rounds.map((figures) => figures[column] ?? Number.NaN))) : 'failed',
    ),
  ]);
  const rounds = Math.max(0, ...series.map((each) => each.rounds.length));
  const below = [...failuresOf(result).map((failure) => `Failed: ${failure}`), ...notes].map((each) => `- ${each}`);
  const left = missing.length > 0 ? ` Not installed: ${missing.join(', ')}.` : '';
  const note = `${title} ${rounds === 1 ? 'One round' : `${rounds} rounds`}, ${measured}.${left}`;
  const figures = table(['case', 'target', ...columns.map(words)], rows);
  return ['', `## ${name}`, '', note, '', ...figures, ...(below.length > 0 ? ['', ...below] : [])];
}

/** What tells most, then whether the load was the limit, or the machine was not ours alone. */
function columnsOf(shows: readonly string[], series: readonly Series[]): readonly string[] {
  const known = Object.keys(series.find(({ rounds }) => rounds.length > 0)?.rounds[0] ?? {});
  return [...shows, 'serverShare', 'loadShare', 'stolenShare'].filter((name) => known.includes(name));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function subject({ goal: { sentence, theirs } }: Judged): string {
  return theirs === undefined || theirs === 'flyrail' ? sentence : `${sentence}, against ${theirs}`;
}

function wanted({ goal: { atLeast, atMost } }: Judged): string {
  return atLeast === undefined ? `≤ ${shown(atMost)}` : `≥ ${shown(atLeast)}`;
}

/** `deliveriesPerCpuSecond` is `deliveries per CPU second`. */
function words(figure: string): string {
  return figure.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace('cpu', 'CPU');
}

/** Three digits that mean something. */
function shown(value = Number.NaN): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
