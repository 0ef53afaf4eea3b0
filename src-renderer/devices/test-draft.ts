import { parseAddress } from '../../src-main/contract/address.ts';
import type { EngineCommands } from '../../src-main/contract/engine-api.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Bridge, ShowDocument } from '../../src-main/contract/show.ts';
import { thousandsFault, tryTypedNumber, tryTypedWhole } from '../widgets/number-words.ts';
import { kindRecord } from './kinds/kinds.ts';

export type TestValueType = 'number' | 'whole' | 'text' | 'switch' | 'json';

/** What a test sends to a device, as it stands in its fields. */
export interface TestDraft {
  readonly kind: 'param' | 'event';
  readonly address: string;
  readonly type: TestValueType;
  /** `on` or `off` for a switch */
  readonly text: string;
}

export type TestSignal = Parameters<EngineCommands['sendSignal']>[0];

export type TestCheck =
  | { readonly signal: TestSignal; readonly problems: { readonly address?: undefined; readonly text?: undefined } }
  | { readonly signal?: undefined; readonly problems: { readonly address?: string; readonly text?: string } };

/** @param known addresses under the prefix, the likeliest first */
export function newTestDraft({ kind, settings }: Bridge, known: readonly string[]): TestDraft {
  const address = kindRecord(kind).testAddress?.(settings) ?? known[0] ?? `${settings.prefix}/test`;
  return { kind: 'param', address, type: 'number', text: '1' };
}

/** Turns what stands in the fields into a signal, or says what to repair. Never throws. */
export function checkTestDraft({ kind, address, type, text }: TestDraft, prefix: string): TestCheck {
  const wrong = addressRepair(address.trim(), prefix);
  const read = readValue(type, text);
  if (wrong !== undefined || 'repair' in read)
    return {
      problems: { ...(wrong !== undefined && { address: wrong }), ...('repair' in read && { text: read.repair }) },
    };
  return {
    signal: { kind, address: address.trim(), value: read.value, ...(type === 'whole' && { whole: true }) },
    problems: {},
  };
}

/** Addresses of the show under this prefix, each once, in the order of the sets: what is offered while one is typed. */
export function knownAddresses(
  { mappings }: Pick<ShowDocument, 'mappings'>,
  prefix: string,
  heard: readonly string[],
): string[] {
  const named = mappings.flatMap(({ source, target }) => [target.address, source.pattern]);
  const isPlain = (text: string): boolean => text.startsWith(`${prefix}/`) && !/[*{}]/.test(text);
  return [...new Set([...named, ...heard].filter(isPlain))].slice(0, 60);
}

function addressRepair(address: string, prefix: string): string | undefined {
  try {
    parseAddress(address);
  } catch (error) {
    return messageOf(error);
  }
  return address.startsWith(`${prefix}/`) ? undefined : `An address of this device begins with its prefix: ${prefix}/.`;
}

function readValue(type: TestValueType, text: string): { readonly value: unknown } | { readonly repair: string } {
  switch (type) {
    case 'text':
      return { value: text };
    case 'switch':
      return { value: text === 'on' };
    case 'whole': {
      const number = tryTypedWhole(text);
      if (number !== undefined && Number.isSafeInteger(number)) return { value: number };
      return { repair: thousandsFault(text) ?? 'A whole number, as 127.' };
    }
    case 'number': {
      const number = tryTypedNumber(text);
      return number === undefined ? { repair: thousandsFault(text) ?? 'A number, as 0.5.' } : { value: number };
    }
    case 'json':
      return readJson(text);
    default:
      return type satisfies never;
  }
}

function readJson(text: string): { readonly value: unknown } | { readonly repair: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { repair: 'This is no JSON. Texts stand in double quotes: ["go", 1].' };
  }
}
