import type { HidInfo } from '../../ports/hid-ports.ts';

/** What a bridge finds a device by. */
export interface HidIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string | undefined;
  readonly place: string | undefined;
}

/** Where a device is now, or why it cannot be told, as a sentence. */
export type FoundHid = { readonly info: HidInfo } | { readonly trouble: string };

/** @param device `hid=054c:0ce6`, `hid=0fd9:0080:CL123` with its serial number, or `hid=054c:0ce6@…` with its socket; undefined
 *  for what is no such name */
export function tryHidName(device: string): HidIdentity | undefined {
  const [, vendor, product, , serialNumber, place] =
    /^hid=([\da-f]{4}):([\da-f]{4})(:(.+)|@(.+))?$/i.exec(device) ?? [];
  if (vendor === undefined || product === undefined) return undefined;
  return {
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product, 16),
    serialNumber,
    place,
  };
}

/** What a bridge is told to find this one by: its serial number; its socket where it has none and another is plugged in that is
 *  the same. */
export function hidNameOf(info: HidInfo, all: readonly HidInfo[]): string {
  const name = `hid=${hex(info.vendorId)}:${hex(info.productId)}`;
  const twins = all.filter((other) => isSamePart(info, other) && other.path !== info.path);
  const { serialNumber } = info;
  if (serialNumber !== '' && twins.every((twin) => twin.serialNumber !== serialNumber))
    return `${name}:${serialNumber}`;
  return twins.length === 0 || info.place === '' ? name : `${name}@${info.place}`;
}

/** @param part page and usage in hexadecimal, as in `1/5`; the part that is most of a control without it */
export function findHid(identity: HidIdentity, part: string, all: readonly HidInfo[]): FoundHid {
  const { serialNumber, place } = identity;
  const words = `${hex(identity.vendorId)}:${hex(identity.productId)}`;
  const plugged = all.filter(
    (info) =>
      info.vendorId === identity.vendorId &&
      info.productId === identity.productId &&
      (serialNumber === undefined || info.serialNumber === serialNumber) &&
      (place === undefined || info.place === place),
  );
  if (plugged.length === 0) return { trouble: `The device ${awayWords(identity, words, all)} is not plugged in.` };
  const parts = part === '' ? plugged : plugged.filter((info) => partOf(info) === part);
  const best = bestPart(parts);
  if (!best) {
    const others = [...new Set(plugged.map(partOf))].join(', ');
    return { trouble: `The device ${words} has no part ${part}, only ${others}.` };
  }
  const twins = new Set(parts.filter((info) => isSamePart(info, best)).map(({ path }) => path));
  if (twins.size === 1) return { info: best };
  return {
    trouble: `${twins.size} devices ${words} are plugged in: choose one of them by its serial number or socket.`,
  };
}

/** The part of a device that is most of a control; a keyboard or a mouse comes last. */
export function bestPart(infos: readonly HidInfo[]): HidInfo | undefined {
  return infos.toSorted((one, other) => rankOf(one) - rankOf(other) || one.interface - other.interface)[0];
}

export function partOf({ usagePage, usage }: HidInfo): string {
  return `${usagePage.toString(16)}/${usage.toString(16)}`;
}

/** `054c:0ce6` has it in four digits. */
export function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}

/** `Contour ShuttleXpress`, as operators read it; empty for nothing. */
export function hidWords({ manufacturer, product }: HidInfo): string {
  const [maker, what] = [visible(manufacturer), visible(product)];
  if (maker === '' || what === '') return what || maker;
  return what.toLowerCase().startsWith(maker.toLowerCase()) ? what : `${maker} ${what}`;
}

const ranks: Readonly<Record<string, number>> = { '1/5': 0, '1/4': 0, '1/8': 0, '1/2': 4, '1/6': 3 };

function rankOf(info: HidInfo): number {
  // Consumer controls come before keyboards, and what a maker defines is mostly the device itself.
  return ranks[partOf(info)] ?? (info.usagePage >= 0xff00 ? 1 : 2);
}

function isSamePart(one: HidInfo, other: HidInfo): boolean {
  return (
    one.vendorId === other.vendorId &&
    one.productId === other.productId &&
    one.interface === other.interface &&
    partOf(one) === partOf(other)
  );
}

function awayWords({ vendorId, productId, serialNumber, place }: HidIdentity, words: string, all: readonly HidInfo[]) {
  const others = all.filter((info) => info.vendorId === vendorId && info.productId === productId);
  const which =
    serialNumber === undefined ? (place === undefined ? '' : ` at ${place}`) : ` with number ${serialNumber}`;
  return `${words}${which}${others.length > 0 && which !== '' ? ' (another one of its kind is there)' : ''}`;
}

function visible(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim().slice(0, 120);
}
