import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import type { FormField } from '../../src-main/contract/bridges/form-field.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { z } from '../../src-main/contract/zod.ts';
import { spaceThousands } from '../widgets/number-words.ts';

/** What a text of a control of its own wants beyond its type; undefined for a text that will do. */
export function controlRepair({ words }: FormField, value: unknown): string | undefined {
  switch (words.control) {
    case 'address':
      return typeof value === 'string' ? addressRepair(value) : undefined;
    case 'host':
      return typeof value === 'string' ? hostRepair(value) : undefined;
    case 'hosts':
      return hostsRepair(textsIn(value));
    case 'patterns':
      return firstRepair(textsIn(value), (text) => thrownBy(() => parsePattern(text)));
    default:
      return undefined;
  }
}

/** What the schema refuses, as a repair: the words of the setting where it has some, else what fits its type. */
export function schemaRepair(field: FormField, value: unknown, issue: z.core.$ZodIssue): string {
  const { words } = field;
  const entry: unknown = typeof issue.path[0] === 'number' && Array.isArray(value) ? value[issue.path[0]] : undefined;
  // A row has a place of its own, at which the repair stands.
  const item = typeof entry === 'string' || typeof entry === 'number' ? String(entry) : undefined;
  if (issue.code === 'too_big' && item === undefined) return generalRepair(field, value) ?? asRepair(issue.message);
  if (words.repair) return spaceThousands(words.repair);
  if (item !== undefined) return `${item}: ${asRepair(issue.message)}`;
  return generalRepair(field, value) ?? asRepair(issue.message);
}

function generalRepair({ shape, words }: FormField, value: unknown): string | undefined {
  switch (shape.is) {
    case 'number':
      return spaceThousands(words.repair ?? numberRepair(shape));
    case 'text': {
      const letters = typeof value === 'string' ? Array.from(value).length : 0;
      if (letters === 0 && shape.least > 0) return 'Fill this in.';
      if (letters < shape.least) return `At least ${shape.least} letters; these are ${letters}.`;
      return shape.most !== undefined && letters > shape.most
        ? `At most ${shape.most} letters; these are ${letters}.`
        : undefined;
    }
    case 'texts':
    case 'rows':
      return countRepair(shape, Array.isArray(value) ? value.length : 0);
    case 'numbers':
      return countRepair({ least: shape.fewest, most: shape.count }, Array.isArray(value) ? value.length : 0);
    case 'choice':
      return 'Choose one of them.';
    default:
      return undefined;
  }
}

function numberRepair({ whole, least, most }: Extract<FormField['shape'], { is: 'number' }>): string {
  const what = whole ? 'A whole number' : 'A number';
  if (least === undefined) return most === undefined ? `${what}.` : `${what}, ${most} at most.`;
  return most === undefined ? `${what}, ${least} at least.` : `${what} from ${least} to ${most}.`;
}

function countRepair({ least, most }: { least: number; most: number | undefined }, count: number): string | undefined {
  if (count < least) return least === 1 ? 'Name at least one.' : `Name at least ${least}.`;
  return most !== undefined && count > most ? `At most ${most}; these are ${count}.` : undefined;
}

/** A schema says `expected a URL such as …`; an operator is told `A URL such as ….` */
export function asRepair(message: string): string {
  const text = message.replace(/^Invalid input: /, '').replace(/^expected (?!string|number|boolean|array|object)/i, '');
  const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

function addressRepair(text: string): string | undefined {
  const fault = thrownBy(() => parseAddress(text));
  return fault ?? (text.endsWith('/') ? 'Remove the slash at the end.' : undefined);
}

function hostsRepair(hosts: readonly string[]): string | undefined {
  return hosts.length === 0 ? 'Name the receivers, as in 10.0.0.5, 10.0.0.6.' : firstRepair(hosts, hostRepair);
}

function hostRepair(host: string): string | undefined {
  if (host === '') return 'Name a host or an address, as in 127.0.0.1.';
  if (/^[\d.]+$/.test(host)) return isIpv4(host) ? undefined : 'Four numbers from 0 to 255 with dots: 192.168.10.21.';
  if (/^[0-9a-fA-F:]+(%\w+)?$/.test(host) && host.includes('::')) return undefined;
  const sound = host.length <= 255 && /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*\.?$/.test(host);
  return sound ? undefined : 'A host has letters, digits, dots and dashes; the port has its own field.';
}

function isIpv4(host: string): boolean {
  const parts = host.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

function firstRepair(texts: readonly string[], repairOf: (text: string) => string | undefined): string | undefined {
  for (const text of texts) {
    const repair = repairOf(text);
    if (repair) return `${text}: ${repair}`;
  }
  return undefined;
}

function thrownBy(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
