import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import { bridgeSchema, showLimits, type Bridge } from '../../src-main/contract/show.ts';
import type { BridgeDraft, ClaspDraft, OscDraft, SacnDraft } from './bridge-draft.ts';
import { priorityMax, readUniverseRanges } from './universe-ranges.ts';

type FieldOf<D> = D extends unknown ? keyof D : never;
/** For each field that wants a repair, the repair in one sentence. */
export type DraftProblems = Partial<Record<FieldOf<BridgeDraft> | 'other', string>>;

export type DraftCheck =
  | { readonly bridge: Bridge; readonly problems: Readonly<Record<string, never>> }
  | { readonly bridge?: undefined; readonly problems: DraftProblems };

/** Turns a form into a bridge, or says field by field what to repair. Never throws. */
export function checkBridgeDraft(draft: BridgeDraft): DraftCheck {
  const problems: DraftProblems = { ...nameProblem(draft.name), ...prefixProblem(draft.prefix) };
  const settings = settingsOf(draft, problems);
  if (Object.keys(problems).length > 0) return { problems };
  const { id, number, enabled, onReturn, kind } = draft;
  const parsed = bridgeSchema.safeParse({ id, number, enabled, onReturn, kind, name: draft.name.trim(), settings });
  if (parsed.success) return { bridge: parsed.data, problems: {} };
  return {
    problems: { other: `A field holds what a bridge cannot: ${parsed.error.issues[0]?.message ?? 'unknown'}.` },
  };
}

function settingsOf(draft: BridgeDraft, problems: DraftProblems): unknown {
  switch (draft.kind) {
    case 'osc':
      return oscSettings(draft, problems);
    case 'sacn':
      return sacnSettings(draft, problems);
    case 'clasp':
      return claspSettings(draft, problems);
    default:
      return draft satisfies never;
  }
}

function nameProblem(name: string): DraftProblems {
  if (name.trim() === '') return { name: 'Give it a name, as on its label.' };
  return Array.from(name.trim()).length > showLimits.name
    ? { name: `A name has at most ${showLimits.name} letters.` }
    : {};
}

function prefixProblem(prefix: string): DraftProblems {
  try {
    parseAddress(prefix);
  } catch (error) {
    return { prefix: messageOf(error) };
  }
  return prefix.endsWith('/') ? { prefix: 'Remove the slash at the end.' } : {};
}

/** A side that the direction leaves unused keeps what was typed where it is sound, and asks for no repair. */
function oscSettings(draft: OscDraft, problems: DraftProblems): unknown {
  const hears = draft.direction !== 'out';
  const speaks = draft.direction !== 'in';
  const listenHost = hostRepair(draft.listenHost);
  const remoteHost = hostRepair(draft.remoteHost);
  const listenPort = portRepair(draft.listenPort);
  const remotePort = portRepair(draft.remotePort);
  Object.assign(problems, hears ? withoutEmpty({ listenHost, listenPort }) : {});
  Object.assign(problems, speaks ? withoutEmpty({ remoteHost, remotePort }) : {});
  const first = {
    host: remoteHost ? '127.0.0.1' : draft.remoteHost.trim(),
    port: remotePort ? 9000 : Number(draft.remotePort),
  };
  return {
    ...draft.kept,
    direction: draft.direction,
    prefix: draft.prefix,
    listenHost: listenHost ? '0.0.0.0' : draft.listenHost.trim(),
    listenPort: listenPort ? 8000 : Number(draft.listenPort),
    targets: [first, ...(draft.kept.targets ?? []).slice(1)],
  };
}

function sacnSettings(draft: SacnDraft, problems: DraftProblems): unknown {
  const { mode, networkCard, cid, prefix, floats } = draft;
  const priority = priorityRepair(draft.priority);
  const read = readUniverseRanges(draft.universes, priority ? 100 : Number(draft.priority));
  const sourceName = sourceNameRepair(draft.sourceName);
  const port = portRepair(draft.port);
  const hosts = hostsOf(draft.unicastTo);
  const unicastTo = unicastRepair(hosts);
  Object.assign(problems, withoutEmpty({ priority, universes: read.problem, sourceName, port }));
  Object.assign(problems, mode === 'unicast' ? withoutEmpty({ unicastTo }) : {});
  return {
    mode,
    networkCard,
    cid,
    port: Number(draft.port),
    prefix,
    floats,
    universes: read.ranges ?? [],
    unicastTo: unicastTo ? [] : hosts,
    sourceName: draft.sourceName.trim(),
  };
}

function claspSettings(draft: ClaspDraft, problems: DraftProblems): unknown {
  const { direction, prefix } = draft;
  const secretName = draft.secretName.trim();
  const url = draft.url.trim();
  const take = hostsOf(draft.take);
  Object.assign(
    problems,
    withoutEmpty({
      url: /^(wss?|tcp|tls|udp|quic|serial|ble):\/\/[^@]+$/.test(url)
        ? undefined
        : 'A URL such as ws://10.0.0.5:7330/clasp; a token has its own place.',
      take: takeRepair(take),
      secretName: /^[A-Za-z0-9._-]{0,64}$/.test(secretName) ? undefined : 'Letters, digits, dots, - and _.',
    }),
  );
  const caFile = draft.caFile.trim();
  return { url, prefix, direction, take, secretName: secretName || null, caFile: caFile || null };
}

function takeRepair(patterns: readonly string[]): string | undefined {
  if (patterns.length === 0) return 'Name what is taken: /** is all there is.';
  try {
    patterns.forEach(parsePattern);
  } catch (error) {
    return messageOf(error);
  }
  return patterns.length > 64 ? `At most 64 patterns; these are ${patterns.length}.` : undefined;
}

function hostRepair(text: string): string | undefined {
  const host = text.trim();
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

function portRepair(text: string): string | undefined {
  return isWhole(text, 1, 65_535) ? undefined : 'A port is a whole number from 1 to 65535.';
}

function priorityRepair(text: string): string | undefined {
  return isWhole(text, 0, priorityMax) ? undefined : `A whole number from 0 to ${priorityMax}; 100 is usual.`;
}

function isWhole(text: string, min: number, max: number): boolean {
  return /^\s*\d+\s*$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** [E1.31 6.2.2] 64 octets of UTF-8 with the closing zero; the show document keeps it to 60 letters. */
function sourceNameRepair(text: string): string | undefined {
  const name = text.trim();
  if (name === '') return 'Name the source, as receivers list it.';
  return name.length > 60 || new TextEncoder().encode(name).length > 63
    ? 'A source name has at most 60 letters.'
    : undefined;
}

function hostsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((host) => host !== '');
}

function unicastRepair(hosts: readonly string[]): string | undefined {
  if (hosts.length === 0) return 'Name the receivers, as in 10.0.0.5, 10.0.0.6.';
  if (hosts.length > 64) return `At most 64 receivers; these are ${hosts.length}.`;
  for (const host of hosts) {
    const repair = hostRepair(host);
    if (repair) return `${host}: ${repair}`;
  }
  return undefined;
}

function withoutEmpty(repairs: Record<string, string | undefined>): DraftProblems {
  return Object.fromEntries(Object.entries(repairs).filter(([, repair]) => repair !== undefined));
}
