import { InputError } from './errors.ts';
import { showFormat } from './show.ts';

/** A show as it was read, of any format: nothing about it is known beyond being a JSON object. */
export type ShowJson = Readonly<Record<string, unknown>>;

/** Carries a show of format `from` to format `from + 1`; the format number itself is set by `migrateShow`. */
export interface ShowMigration {
  readonly from: number;
  /** what changed, for the docs and the log: `sACN ranges have a priority each` */
  readonly why: string;
  /** Pure; the given show stays as it is. */
  migrate(show: ShowJson): ShowJson;
}

/** One step for each older format, oldest first. A test asks for `test/fixtures/show-migrations/format-N.before.json` and
 *  `format-N.after.json` of every step, so a new format brings both. Format 1 is the first. */
export const showMigrations: readonly ShowMigration[] = [
  {
    from: 1,
    why: 'settings.signals came: rules for writes that meet, announced ranges and types',
    migrate: withSignals,
  },
  {
    from: 2,
    why: 'the rules of signals became a list of their own, with ids, and settings.lateBundles came',
    migrate: withRulesApart,
  },
  {
    from: 3,
    why: 'bridges say what becomes of a device that comes back, and OSC bridges have several targets',
    migrate: (show) => withOscTargets(withReturnPolicies(show)),
  },
];

/** Carries a show up to the current format.
 *  @param target for tests of the mechanism; the steps and format of this Flyrail otherwise
 *  @throws InputError 'bad-show' | 'show-newer' */
export function migrateShow(
  show: ShowJson,
  target: { readonly steps: readonly ShowMigration[]; readonly format: number } = {
    steps: showMigrations,
    format: showFormat,
  },
): ShowJson {
  let format = formatOf(show);
  if (format > target.format) throw newerShow(format, target.format);
  let now = show;
  for (; format < target.format; format++) {
    const step = target.steps.find((each) => each.from === format);
    if (!step)
      throw new InputError('bad-show', `format: this Flyrail cannot read format ${format}, expected ${target.format}.`);
    now = { ...step.migrate(now), format: format + 1 };
  }
  return now;
}

/** What to tell about a show that a later Flyrail made. */
export function newerShow(format: number, known: number = showFormat): InputError {
  return new InputError(
    'show-newer',
    `It was made by a newer Flyrail: it has format ${format}, this Flyrail reads up to format ${known}. Update Flyrail to open it.`,
    { format, known },
  );
}

/** As it was without them: the last write holds, and nothing that was announced is enforced. */
function withSignals(show: ShowJson): ShowJson {
  const { settings } = show;
  if (!isObject(settings)) return show;
  return { ...show, settings: { ...settings, signals: { rules: [], enforceRanges: false, enforceTypes: false } } };
}

/** Each rule says what it said before; the rest of it stays open. Late bundles ran. */
function withRulesApart(show: ShowJson): ShowJson {
  const { settings } = show;
  if (!isObject(settings)) return show;
  const signals = isObject(settings['signals']) ? settings['signals'] : {};
  const { rules = [], ...switches } = signals;
  const signalRules = Array.isArray(rules) ? rules.map(ruleApart) : rules;
  const lateBundles = { policy: 'run', toleranceMs: 100 };
  return { ...show, settings: { ...settings, signals: switches, lateBundles }, signalRules };
}

/** As it was: a device that comes back was sent everything again. */
function withReturnPolicies(show: ShowJson): ShowJson {
  const { bridges } = show;
  if (!Array.isArray(bridges)) return show;
  return {
    ...show,
    bridges: bridges.map((bridge: unknown) => (isObject(bridge) ? { ...bridge, onReturn: 'resend' } : bridge)),
  };
}

/** As it was: one target. */
function withOscTargets(show: ShowJson): ShowJson {
  const { bridges } = show;
  return Array.isArray(bridges) ? { ...show, bridges: bridges.map(withTargets) } : show;
}

function withTargets(bridge: unknown): unknown {
  if (!isObject(bridge) || bridge['kind'] !== 'osc' || !isObject(bridge['settings'])) return bridge;
  const { remoteHost, remotePort, ...settings } = bridge['settings'];
  if (remoteHost === undefined && remotePort === undefined) return bridge;
  return { ...bridge, settings: { ...settings, targets: [{ host: remoteHost, port: remotePort }] } };
}

/** What is no rule is left to the schema to refuse. */
function ruleApart(rule: unknown, index: number): unknown {
  const open = { datatype: null, range: null, enforce: null };
  return isObject(rule) ? { id: `rule-${index + 1}`, ...rule, ...open } : rule;
}

function isObject(value: unknown): value is ShowJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formatOf(show: ShowJson): number {
  const { format } = show;
  if (typeof format === 'number' && Number.isSafeInteger(format) && format >= 1) return format;
  throw new InputError('bad-show', `format: expected a whole number from 1 to ${showFormat}.`, { path: 'format' });
}
