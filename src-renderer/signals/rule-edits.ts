import { messageOf } from '../../src-main/contract/errors.ts';
import { parsePattern, tryPattern } from '../../src-main/contract/address.ts';
import { compareSpecificity } from '../../src-main/contract/pattern-order.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument, ShowSettings, SignalRule } from '../../src-main/contract/show.ts';
import { isSame } from '../engine/is-same.ts';
import { newId } from '../engine/show-ids.ts';

/** A rule that is not in the show yet, for no address. */
export function draftRule(): SignalRule {
  return { id: newId(), pattern: '', strategy: 'lww', datatype: null, range: null, enforce: null };
}

/** As the router asks them: the first that covers an address and says something counts. */
export function rulesInOrder(rules: readonly SignalRule[]): readonly SignalRule[] {
  return rules.toSorted(
    (left, right) =>
      compareSpecificity(tryPattern(left.pattern) ?? anything, tryPattern(right.pattern) ?? anything) ||
      left.pattern.localeCompare(right.pattern, 'en', { numeric: true }),
  );
}

/** The repair a rule's pattern needs; undefined when it will do. */
export function patternFault(text: string, rules: readonly SignalRule[], id: string): string | undefined {
  try {
    parsePattern(text);
  } catch (error) {
    return messageOf(error);
  }
  const isTaken = rules.some((rule) => rule.pattern === text && rule.id !== id);
  return isTaken ? 'There is a rule for it already. Change that one.' : undefined;
}

export function addRule(rule: SignalRule): Edit {
  return { label: `add the rule for ${rule.pattern}`, steps: [{ do: 'put', list: 'signalRules', item: rule }] };
}

export function removeRule({ id, pattern }: SignalRule): Edit {
  return { label: `delete the rule for ${pattern}`, steps: [{ do: 'remove', list: 'signalRules', id }] };
}

/** Brings a deleted rule back to its place in the file. */
export function putRuleBack(document: ShowDocument, rule: SignalRule, place: number): Edit {
  const at = Math.min(Math.max(0, place), document.signalRules.length);
  return {
    label: `put the rule for ${rule.pattern} back`,
    steps: [{ do: 'put', list: 'signalRules', item: rule, at }],
  };
}

/** What the show says of all signals; of each part only the fields that are given, so that two windows can change two. */
export interface SettingsChange {
  readonly signals?: Partial<ShowSettings['signals']>;
  readonly lateBundles?: Partial<ShowSettings['lateBundles']>;
}

/** @returns undefined when nothing is left to change */
export function changeSettings({ settings: before }: ShowDocument, change: SettingsChange): Edit | undefined {
  const settings: ShowSettings = {
    ...before,
    signals: { ...before.signals, ...change.signals },
    lateBundles: { ...before.lateBundles, ...change.lateBundles },
  };
  if (isSame(settings, before)) return undefined;
  const what = change.lateBundles ? 'what becomes of late bundles' : 'which announcements hold';
  return { label: `change ${what}`, steps: [{ do: 'settings', settings }] };
}

const anything = parsePattern('/**');
