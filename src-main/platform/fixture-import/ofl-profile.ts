import { rawMaxOf } from '../../contract/fixture.ts';
import { oflKind, oflName } from './ofl-kinds.ts';
import { OflPixels } from './ofl-matrix.ts';
import {
  oflFixtureSchema,
  type OflCapability,
  type OflChannel,
  type OflFixture,
  type OflInsert,
} from './ofl-schema.ts';
import { badProfile, ProfileDraft, type DraftSlot, type ImportedProfile } from './profile-draft.ts';

const bytesMax = 3;
const slotsMax = 512;
/** Channels that templates may make of pixels, used or not. */
const expandedMax = 20_000;
const resolutions = { '8bit': 1, '16bit': 2, '24bit': 3 } as const;
const variable = '$pixelKey';

/** Reads one fixture of the Open Fixture Library. Channels that switch to another function with the value of another channel
 *  are raw ones here.
 *  @param maker the folder it lay in, where it does not say its maker itself
 *  @throws InputError 'bad-profile'
 *  @see Open Fixture Library, docs/fixture-format.md */
export function readOflProfile(text: string, maker = 'Unknown'): ImportedProfile {
  const json: unknown = JSON.parse(text);
  const read = oflFixtureSchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    if (isRedirect(json)) throw badProfile('It only says where the fixture went: import that one.');
    throw badProfile(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}.`);
  }
  const fixture = read.data;
  return new OflReader(fixture, new ProfileDraft(wordsOf(fixture.manufacturerKey ?? maker), fixture.name)).read();
}

/** Which byte of which channel a name in a mode stands for. */
interface Meaning {
  readonly channel: string;
  readonly byte: number;
}

class OflReader {
  readonly #fixture: OflFixture;
  readonly #draft: ProfileDraft;
  readonly #pixels: OflPixels;
  readonly #meanings = new Map<string, Meaning>();

  constructor(fixture: OflFixture, draft: ProfileDraft) {
    this.#fixture = fixture;
    this.#draft = draft;
    this.#pixels = new OflPixels(fixture.matrix);
  }

  read(): ImportedProfile {
    const { availableChannels = {}, templateChannels = {}, modes } = this.#fixture;
    for (const [name, channel] of Object.entries(availableChannels)) this.#add(name, channel);
    const pixels = this.#usedPixels();
    const count = Object.keys(templateChannels).length * pixels.size;
    if (count > expandedMax) throw badProfile(`At most ${expandedMax} channels of pixels are taken, found ${count}.`);
    for (const [name, channel] of Object.entries(templateChannels))
      for (const key of pixels) this.#addPixel(name, channel, key);
    for (const { name, channels } of modes)
      this.#draft.addMode(name, channels.flatMap((each) => this.#slots(each)).slice(0, slotsMax + 1));
    return this.#draft.finish();
  }

  /** Pixels by name, and whatever a mode names beside them. */
  #usedPixels(): ReadonlySet<string> {
    const named = this.#fixture.modes.flatMap(({ channels }) =>
      channels.flatMap((each) => (isInsert(each) ? (this.#pixels.inOrder(each.repeatFor) ?? []) : [])),
    );
    return new Set([...this.#pixels.keys, ...named]);
  }

  /** What is available by itself goes before what a template makes. */
  #addPixel(name: string, channel: OflChannel, key: string): void {
    const resolve = (text: string): string => text.replaceAll(variable, key);
    if (this.#draft.has(resolve(name))) return;
    const { fineChannelAliases, name: label } = channel;
    const own = {
      ...channel,
      ...(label !== undefined && { name: resolve(label) }),
      ...(fineChannelAliases && { fineChannelAliases: fineChannelAliases.map(resolve) }),
    };
    this.#add(resolve(name), own, resolve);
  }

  #add(name: string, channel: OflChannel, resolve = (text: string): string => text): void {
    const aliases = (channel.fineChannelAliases ?? []).slice(0, bytesMax - 1);
    const bytes = 1 + aliases.length;
    const given = channel.dmxValueResolution ? Math.min(bytesMax, resolutions[channel.dmxValueResolution]) : bytes;
    const capabilities = channel.capabilities ?? (channel.capability ? [channel.capability] : []);
    const { wheels = {} } = this.#fixture;
    const scale = (raw: number, isEnd = false): number => scaled(raw, { from: given, to: bytes, isEnd });
    this.#draft.add(name, {
      name: channel.name ?? name,
      kind: oflKind(capabilities, name, wheels),
      bytes,
      default: scale(amountOf(channel.defaultValue, given) ?? 0),
      highlight: channel.highlightValue === undefined ? null : scale(amountOf(channel.highlightValue, given) ?? 0),
      ranges: capabilities.flatMap((capability) => {
        const [from, to] = capability.dmxRange ?? [0, rawMaxOf(given)];
        return { from: scale(from), to: scale(to, true), name: oflName(capability, name, wheels) };
      }),
    });
    this.#meanings.set(name, { channel: name, byte: 0 });
    aliases.forEach((alias, i) => this.#meanings.set(alias, { channel: name, byte: i + 1 }));
    this.#addSwitching(capabilities, resolve);
  }

  /** What it does depends on another channel: it is there, raw. */
  #addSwitching(capabilities: readonly OflCapability[], resolve: (text: string) => string): void {
    for (const alias of new Set(capabilities.flatMap(({ switchChannels = {} }) => Object.keys(switchChannels)))) {
      const name = resolve(alias);
      if (this.#meanings.has(name)) continue;
      this.#draft.add(name, { name, kind: 'other', bytes: 1, default: 0, highlight: null, ranges: [] });
      this.#draft.note(`${name} does one thing or another, as another channel stands: it is taken as it is.`);
      this.#meanings.set(name, { channel: name, byte: 0 });
    }
  }

  #slots(item: string | null | OflInsert): DraftSlot[] {
    if (item === null) return [null];
    if (!isInsert(item)) return [this.#slot(item)];
    const pixels = this.#pixels.inOrder(item.repeatFor);
    if (!pixels) {
      this.#draft.note(`The order ${String(item.repeatFor)} is not known; its channels were left out.`);
      return [];
    }
    const { templateChannels } = item;
    const slot = (template: string | null, key: string): DraftSlot =>
      template === null ? null : this.#slot(template.replaceAll(variable, key));
    if (pixels.length * templateChannels.length > slotsMax) return Array.from({ length: slotsMax + 1 }, () => null);
    return item.channelOrder === 'perPixel'
      ? pixels.flatMap((key) => templateChannels.map((template) => slot(template, key)))
      : templateChannels.flatMap((template) => pixels.map((key) => slot(template, key)));
  }

  #slot(name: string): DraftSlot {
    const meaning = this.#meanings.get(name);
    if (!meaning) this.#draft.note(`A mode has a channel ${name} that is described nowhere: its slot does nothing.`);
    return meaning ?? null;
  }
}

function isInsert(item: string | null | OflInsert): item is OflInsert {
  return typeof item === 'object' && item !== null;
}

function isRedirect(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'redirectTo' in json;
}

/** `50%`, or a number of that resolution. */
function amountOf(amount: number | string | undefined, bytes: number): number | undefined {
  if (typeof amount === 'number') return amount;
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(amount ?? '') ?? [];
  return percent === undefined ? undefined : (Number(percent) / 100) * rawMaxOf(bytes);
}

/** The same place in another resolution; the end of a range is the last value that still begins so. */
function scaled(raw: number, { from, to, isEnd }: { from: number; to: number; isEnd: boolean }): number {
  if (to <= from) return Math.floor(raw / 256 ** (from - to));
  const factor = 256 ** (to - from);
  return raw * factor + (isEnd || raw === rawMaxOf(from) ? factor - 1 : 0);
}

/** `chauvet-dj` as people write it: `Chauvet Dj`. */
function wordsOf(key: string): string {
  return key
    .split(/[-_ ]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
