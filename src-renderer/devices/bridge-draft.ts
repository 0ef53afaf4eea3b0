import { bridgeForm } from '../../src-main/contract/bridges/bridge-form.ts';
import type { FormField } from '../../src-main/contract/bridges/form-field.ts';
import type { Bridge, BridgeKind } from '../../src-main/contract/show.ts';
import { freeNumber } from '../engine/show-ids.ts';
import { writeFields, type DraftTexts, type JsonFields } from './draft-texts.ts';
import { firstFree, freeThings, type FreeThings } from './kinds/kind-record.ts';
import { kindRecord } from './kinds/kinds.ts';

/** A bridge as it stands in the form, of whatever kind. */
export interface BridgeDraft {
  readonly id: string;
  readonly number: number;
  readonly enabled: boolean;
  readonly kind: BridgeKind;
  /** as it was typed */
  readonly name: string;
  /** without what was typed */
  readonly settings: JsonFields;
  /** what stands in each field by its path: `name`, `onReturn`, `settings.listenPort` */
  readonly texts: DraftTexts;
}

/** Fields that were typed in, by their paths. */
export type DraftChange = DraftTexts;

/** A new bridge that works as it is: the next number, and ports, prefixes and universes that no other bridge uses.
 *  @param newId makes a UUID; asked for the bridge's id and for each identity among its settings */
export function newBridgeDraft(kind: BridgeKind, bridges: readonly Bridge[], newId: () => string): BridgeDraft {
  const head = { id: newId(), number: freeNumber(bridges), enabled: true, name: freeName(kind, bridges) };
  const free = freeThings(bridges, newId);
  const chosen: JsonFields = { ...kindRecord(kind).fresh(free) };
  const rest = bridgeForm(kind).settings.filter(({ name }) => !(name in chosen));
  const settings = { ...Object.fromEntries(rest.flatMap((field) => firstValue(field, free))), ...chosen };
  return draftOf({ ...head, kind, onReturn: 'resend' }, settings);
}

/** The form of a bridge that is in the show. */
export function draftOfBridge(bridge: Bridge): BridgeDraft {
  return draftOf(bridge, { ...bridge.settings });
}

export function withChange(base: BridgeDraft, change: DraftChange | undefined): BridgeDraft {
  const texts = { ...base.texts, ...change };
  return { ...base, texts, name: String(texts['name']) };
}

/** A second bridge like this one, with its own number, name and identity. It starts switched off, since two that send
 *  or listen at the same place get in each other's way. */
export function duplicateBridge(bridge: Bridge, bridges: readonly Bridge[], newId: () => string): Bridge {
  const own = { id: newId(), number: freeNumber(bridges), name: freeName(bridge.name, bridges), enabled: false };
  const identities = bridgeForm(bridge.kind)
    .settings.filter(({ shape }) => shape.is === 'fixed')
    .map(({ name }) => [name, newId()] as const);
  return { ...bridge, ...own, settings: { ...bridge.settings, ...Object.fromEntries(identities) } } as Bridge;
}

function draftOf(
  {
    id,
    number,
    enabled,
    kind,
    name,
    onReturn,
  }: Pick<Bridge, 'id' | 'number' | 'enabled' | 'kind' | 'name' | 'onReturn'>,
  settings: JsonFields,
): BridgeDraft {
  const texts = { name, onReturn, ...writeFields(bridgeForm(kind).settings, settings, 'settings.') };
  return { id, number, enabled, kind, name, settings, texts };
}

/** What a setting begins with that neither its kind nor its schema has a word on; nothing for what the operator must say. */
function firstValue({ name, shape, fallback, empty }: FormField, free: FreeThings): [string, unknown][] {
  if (fallback !== undefined) return [[name, fallback]];
  if (shape.is === 'fixed') return [[name, free.id()]];
  return empty === 'null' ? [[name, null]] : [];
}

function freeName(wanted: string, bridges: readonly Bridge[]): string {
  return firstFree(wanted.replace(/-\d+$/, ''), new Set(bridges.map((bridge) => bridge.name)));
}
