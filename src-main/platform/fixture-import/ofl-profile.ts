import { rawMaxOf } from '../../contract/fixture.ts';
import { oflKind, oflName } from './ofl-kinds.ts';
import { OflPixels } from './ofl-matrix.ts';
import { oflFixtureSchema, type OflChannel, type OflFixture, type OflInsert } from './ofl-schema.ts';
import { switchedChannel, switchesOf, type OflSwitch, type SwitchedByte } from './ofl-switching.ts';
import { amountOf, firstValue, lastValue, scaledValue } from './ofl-values.ts';
import { badProfile, ProfileDraft, type DraftSlot, type ImportedProfile } from './profile-draft.ts';

const bytesMax = 3;
const slotsMax = 512;
/** Channels that templates may make of pixels, used or not. */
const expandedMax = 20_000;
const resolutions = { '8bit': 1, '16bit': 2, '24bit': 3 } as const;
const variable = '$pixelKey';

/** Reads one fixture of the Open Fixture Library. Channels that switch to another function with the value of another channel
 *  are raw ones here, and begin as what they are while that one has its default.
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

/** A switching channel of a trigger, by their names. */
interface Switching extends OflSwitch {
  readonly trigger: string;
}

class OflReader {
  readonly #fixture: OflFixture;
  readonly #draft: ProfileDraft;
  readonly #pixels: OflPixels;
  readonly #meanings = new Map<string, Meaning>();
  readonly #switchings: Switching[] = [];

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
    // What they switch to may be described behind them.
    for (const switching of this.#switchings) this.#addSwitching(switching);
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
    const fine = channel.fineChannelAliases ?? [];
    const aliases = fine.slice(0, bytesMax - 1);
    const bytes = 1 + aliases.length;
    // Numbers are in the finest resolution that the file has, also where not all of it is taken.
    const given = channel.dmxValueResolution ? resolutions[channel.dmxValueResolution] : 1 + fine.length;
    const capabilities = channel.capabilities ?? (channel.capability ? [channel.capability] : []);
    const { wheels = {} } = this.#fixture;
    const start = amountOf(channel.defaultValue, given) ?? 0;
    const highlight = amountOf(channel.highlightValue, given);
    this.#draft.add(name, {
      name: channel.name ?? name,
      kind: oflKind(capabilities, name, wheels),
      bytes,
      default: scaledValue(start, given, bytes),
      highlight: highlight === undefined ? null : scaledValue(highlight, given, bytes),
      ranges: capabilities.flatMap((capability) => {
        const [from, to] = capability.dmxRange ?? [0, rawMaxOf(given)];
        const ends = { from: firstValue(from, given, bytes), to: lastValue(to, given, bytes) };
        return { ...ends, name: oflName(capability, name, wheels) };
      }),
    });
    this.#meanings.set(name, { channel: name, byte: 0 });
    aliases.forEach((alias, i) => this.#meanings.set(alias, { channel: name, byte: i + 1 }));
    for (const { alias, channels, first } of switchesOf(capabilities, start)) {
      const known = first === undefined ? undefined : resolve(first);
      this.#switchings.push({ trigger: name, alias: resolve(alias), channels: channels.map(resolve), first: known });
    }
  }

  /** What it does depends on another channel: it is there, raw. */
  #addSwitching({ trigger, alias, channels, first }: Switching): void {
    if (this.#meanings.has(alias)) return;
    const choices = channels.flatMap((name) => this.#byteOf(name) ?? []);
    this.#draft.add(alias, switchedChannel(alias, choices, first === undefined ? undefined : this.#byteOf(first)));
    this.#draft.note(`${alias} is ${channels.join(' or ')}, as ${trigger} stands: it is taken as it is.`);
    this.#meanings.set(alias, { channel: alias, byte: 0 });
  }

  #byteOf(name: string): SwitchedByte | undefined {
    const meaning = this.#meanings.get(name);
    const channel = meaning && this.#draft.get(meaning.channel);
    return channel && { channel, byte: meaning.byte };
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

/** `chauvet-dj` as people write it: `Chauvet Dj`. */
function wordsOf(key: string): string {
  return key
    .split(/[-_ ]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
