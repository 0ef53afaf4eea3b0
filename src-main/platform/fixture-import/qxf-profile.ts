import { rawMaxOf, type ChannelKind } from '../../contract/fixture.ts';
import { badProfile, ProfileDraft, type DraftSlot, type ImportedProfile } from './profile-draft.ts';
import { isFinePreset, qxfKind } from './qxf-kinds.ts';
import { qxfSchema, type QxfChannel } from './qxf-schema.ts';

const slotsMax = 512;
/** Elements that may come more than once, also where one stands alone. */
const repeated: ReadonlySet<string> = new Set(['Channel', 'Mode', 'Capability', 'Head']);
const depthMax = 16;

/** Reads one fixture definition of QLC+. A channel of group byte 1 is the fine one of the channel that is called so without
 *  `fine`, else of the one before it in a mode, else of the only one there that does the same.
 *  @throws InputError 'bad-profile'
 *  @see QLC+, resources/schemas/fixture.xsd */
export async function readQxfProfile(xml: string): Promise<ImportedProfile> {
  if (/<!ENTITY/i.test(xml)) throw badProfile('A file that defines entities of its own is not taken.');
  // The parser forgives what is missing at the end: half a fixture would look like a whole one.
  if (!xml.trimEnd().endsWith('</FixtureDefinition>')) throw badProfile('It does not end with </FixtureDefinition>.');
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    // Nothing is expanded; the five that XML has, and numbers, are read below.
    processEntities: false,
    maxNestedTags: depthMax,
    isArray: (name) => repeated.has(name),
  });
  const read = qxfSchema.safeParse(parser.parse(xml));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw badProfile(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}.`);
  }
  return readDefinition(read.data.FixtureDefinition);
}

type Definition = ReturnType<typeof qxfSchema.parse>['FixtureDefinition'];

interface Channel {
  readonly name: string;
  readonly group: string;
  readonly colour: string;
  readonly kind: ChannelKind;
  readonly isFine: boolean;
  readonly raw: QxfChannel;
}

function readDefinition({ Manufacturer, Model, Channel, Mode }: Definition): ImportedProfile {
  const draft = new ProfileDraft(plain(Manufacturer['#text']), plain(Model['#text']));
  const channels = new Map(Channel.map((raw) => [plain(raw['@Name']), channelOf(raw)]));
  const modes = Mode.map((mode) => ({ name: plain(mode['@Name']), names: namesOf(mode.Channel) }));
  const coarseOf = pairsOf(
    channels,
    modes.map(({ names }) => names),
  );
  const fineOf = new Map([...coarseOf].map(([fine, coarse]) => [coarse, fine]));
  for (const channel of channels.values()) {
    if (coarseOf.has(channel.name)) continue;
    const fine = channels.get(fineOf.get(channel.name) ?? '');
    addChannel(draft, channel, fine);
  }
  for (const { name, names } of modes) {
    draft.addMode(
      name,
      names.map((each): DraftSlot => {
        if (each === undefined) return null;
        if (!channels.has(each))
          draft.note(`A mode has a channel ${each} that is described nowhere: its slot does nothing.`);
        const coarse = coarseOf.get(each);
        if (coarse !== undefined) return { channel: coarse, byte: 1 };
        return channels.has(each) ? { channel: each, byte: 0 } : null;
      }),
    );
  }
  return draft.finish();
}

function channelOf(raw: QxfChannel): Channel {
  const isFine = raw.Group?.['@Byte'] === '1' || isFinePreset(raw['@Preset']);
  const name = plain(raw['@Name']);
  const group = plain(raw.Group?.['#text'] ?? '');
  const colour = plain(raw.Colour?.['#text'] ?? '');
  return { name, group, colour, kind: qxfKind({ preset: raw['@Preset'], group, colour, name }), isFine, raw };
}

/** The channels of a mode in the order of their numbers; undefined where a number is left out. */
function namesOf(channels: Definition['Mode'][number]['Channel']): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  channels.forEach((channel, i) => {
    const number = Number(channel['@Number'] ?? i);
    if (Number.isInteger(number) && number >= 0 && number <= slotsMax) names[number] = plain(channel['#text']);
  });
  return Array.from(names);
}

/** The coarse channel of each fine one. */
function pairsOf(
  channels: ReadonlyMap<string, Channel>,
  modes: readonly (readonly (string | undefined)[])[],
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  const pair = (fine: string, coarse: Channel | undefined): boolean => {
    if (!coarse || coarse.isFine || taken.has(coarse.name)) return false;
    pairs.set(fine, coarse.name);
    taken.add(coarse.name);
    return true;
  };
  const fines = [...channels.values()].filter(({ isFine }) => isFine);
  const byName = new Map(
    [...channels.values()].filter(({ isFine }) => !isFine).map((each) => [bareName(each.name), each]),
  );
  const left = fines.filter(({ name }) => !pair(name, byName.get(bareName(name))));
  const stillLeft = left.filter((fine) => !modes.some((names) => pair(fine.name, before(fine, names, channels))));
  for (const fine of stillLeft.filter(saysFine))
    for (const names of modes.filter((each) => each.includes(fine.name))) {
      const alike = names
        .map((name) => channels.get(name ?? ''))
        .filter((each) => each && !each.isFine && each.kind === fine.kind);
      if (alike.length === 1 && pair(fine.name, alike[0])) break;
    }
  return pairs;
}

/** The channel before a fine one in a mode, where it can be its coarse one. */
function before(
  fine: Channel,
  names: readonly (string | undefined)[],
  channels: ReadonlyMap<string, Channel>,
): Channel | undefined {
  const found = channels.get(names[names.indexOf(fine.name) - 1] ?? '');
  const isAlike = found?.group === fine.group && found.colour === fine.colour;
  return isAlike || (saysFine(fine) && found?.kind === fine.kind) ? found : undefined;
}

/** Files mark some channels as fine that are none: a curve, a strobe. */
function saysFine({ name, raw }: Channel): boolean {
  return isFinePreset(raw['@Preset']) || /\b(fine|lsb|least significant|16[ -]?bit)\b/i.test(name);
}

/** Without what tells a fine channel from its coarse one. */
function bareName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\b(fine|coarse|lsb|msb|16[ -]?bit)\b/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function addChannel(draft: ProfileDraft, channel: Channel, fine: Channel | undefined): void {
  const { name, kind, isFine, raw } = channel;
  const bytes = fine ? 2 : 1;
  const factor = 256 ** (bytes - 1);
  const level = levelOf(raw['@Default']) ?? 0;
  const isSwitching = raw.Capability.some(({ Alias }) => Alias !== undefined);
  if (isSwitching) draft.note(`${name} changes what other channels do: they are taken as they are.`);
  draft.add(name, {
    name,
    // Alone it is the finer half of nothing, and must not follow the grand master by itself.
    kind: isFine && saysFine(channel) ? 'other' : kind,
    bytes,
    default: level * factor + (fine ? (levelOf(fine.raw['@Default']) ?? 0) : 0),
    highlight: kind === 'intensity' ? rawMaxOf(bytes) : null,
    ranges: raw.Capability.flatMap((capability) => {
      const [from, to] = [levelOf(capability['@Min']), levelOf(capability['@Max'])];
      const words = plain(capability['#text']) || plain(capability['@Preset'] ?? '') || 'unnamed';
      return from === undefined || to === undefined
        ? []
        : { from: from * factor, to: to * factor + factor - 1, name: words };
    }),
  });
}

function levelOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML and numbered characters, once; any other stays as it is written. A name may stand over lines. */
function plain(text: string): string {
  const words = text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return entities[name.toLowerCase()] ?? whole;
      const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
      return code > 0x1f && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    },
  );
  return words.replace(/\s+/g, ' ').trim();
}
