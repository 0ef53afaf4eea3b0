import { InputError } from '../../contract/errors.ts';
import {
  fixtureLimits,
  fixtureProfileSchema,
  fixtureSegment,
  rawMaxOf,
  type FixtureChannel,
  type FixtureMode,
  type FixtureProfile,
} from '../../contract/fixture.ts';

export interface ImportedProfile {
  readonly profile: FixtureProfile;
  /** what could not be taken over, a sentence each */
  readonly notes: readonly string[];
}

/** A channel as a file describes it; its key is made of its name. */
export type DraftChannel = Omit<FixtureChannel, 'key'>;

/** A slot of a mode in a file: a channel's name and which of its bytes; null for a slot that does nothing. */
export type DraftSlot = { readonly channel: string; readonly byte: number } | null;

const notesMax = 50;
const wordsMax = 120;
const slotsMax = 512;

/** Puts a profile together from what a file says, within the limits of a show. */
export class ProfileDraft {
  readonly #maker: string;
  readonly #model: string;
  readonly #channels = new Map<string, DraftChannel>();
  readonly #keys = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #modes: FixtureMode[] = [];
  readonly #notes: string[] = [];

  constructor(maker: string, model: string) {
    this.#maker = shorten(maker);
    this.#model = shorten(model);
  }

  note(sentence: string): void {
    if (this.#notes.length < notesMax) this.#notes.push(sentence);
  }

  has(name: string): boolean {
    return this.#channels.has(name);
  }

  get(name: string): DraftChannel | undefined {
    return this.#channels.get(name);
  }

  /** @param name as modes refer to it; a name that is there already is another one's */
  add(name: string, channel: DraftChannel): void {
    if (this.#channels.has(name)) return;
    this.#channels.set(name, fitted(channel));
    this.#keys.set(name, this.#keyFor(name));
  }

  addMode(name: string, slots: readonly DraftSlot[]): void {
    const label = shorten(name);
    if (slots.length > slotsMax)
      return this.note(`The mode ${label} has more than ${slotsMax} slots and was left out.`);
    if (slots.length === 0) return this.note(`The mode ${label} has no slots and was left out.`);
    if (this.#modes.some((mode) => mode.name === label)) return this.note(`A second mode ${label} was left out.`);
    this.#modes.push({ name: label, slots: this.#fit(slots) });
  }

  /** Channels that no mode uses are left out.
   *  @throws InputError 'bad-profile' */
  finish(): ImportedProfile {
    const used = new Set(this.#modes.flatMap(({ slots }) => slots.map((slot) => slot?.channel)));
    const channels = [...this.#channels].flatMap(([name, channel]) => {
      const key = this.#keys.get(name) ?? '';
      return used.has(key) ? [{ key, ...channel }] : [];
    });
    if (this.#modes.length === 0) throw badProfile('No mode in it could be read.');
    if (channels.length > fixtureLimits.channels)
      throw badProfile(`At most ${fixtureLimits.channels} channels are taken.`);
    if (this.#modes.length > fixtureLimits.modes) throw badProfile(`At most ${fixtureLimits.modes} modes are taken.`);
    const id = idOf(`${this.#maker}-${this.#model}`);
    const read = fixtureProfileSchema.safeParse({
      id,
      maker: this.#maker,
      model: this.#model,
      channels,
      modes: this.#modes,
    });
    if (read.success) return { profile: read.data, notes: this.#notes };
    const [issue] = read.error.issues;
    throw badProfile(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}.`);
  }

  /** A fine slot without its coarse one, and one that comes twice, stand for themselves. */
  #fit(slots: readonly DraftSlot[]): FixtureMode['slots'] {
    const here = new Set(slots.map((slot) => slot && `${slot.channel} ${slot.byte}`));
    const taken = new Set<string>();
    return slots.map((slot) => {
      if (!slot) return null;
      const { channel, byte } = slot;
      const isWhole = Array.from({ length: byte }, (_, i) => here.has(`${channel} ${i}`)).every(Boolean);
      const isNew = !taken.has(`${channel} ${byte}`);
      taken.add(`${channel} ${byte}`);
      if (isWhole && isNew) return { channel: this.#keys.get(channel) ?? '', byte };
      return {
        channel: this.#alone(`${channel}${byte > 0 ? ` fine${byte > 1 ? ` ${byte}` : ''}` : ''} alone`, taken),
        byte: 0,
      };
    });
  }

  #alone(name: string, taken: Set<string>): string {
    let own = name;
    for (let i = 2; taken.has(`${own} 0`); i++) own = `${name} ${i}`;
    taken.add(`${own} 0`);
    this.add(own, { name: own, kind: 'other', bytes: 1, default: 0, highlight: null, ranges: [] });
    return this.#keys.get(own) ?? '';
  }

  #keyFor(name: string): string {
    const plain = fixtureSegment(name)
      .replace(/[^\p{Ll}\p{Lo}\p{N}._-]/gu, '-')
      .replace(/^[._-]+/, '');
    const base = Array.from(plain).slice(0, 56).join('') || 'channel';
    let key = base;
    for (let i = 2; this.#taken.has(key); i++) key = `${base}-${i}`;
    this.#taken.add(key);
    return key;
  }
}

export function badProfile(why: string): InputError {
  return new InputError('bad-profile', `It is no fixture that can be read. ${why} Nothing was changed.`);
}

function fitted(channel: DraftChannel): DraftChannel {
  const max = rawMaxOf(channel.bytes);
  const within = (raw: number): number => Math.round(Math.min(max, Math.max(0, raw)));
  return {
    ...channel,
    name: shorten(channel.name),
    default: within(channel.default),
    highlight: channel.highlight === null ? null : within(channel.highlight),
    ranges: channel.ranges
      .slice(0, fixtureLimits.ranges)
      .map(({ from, to, name }) => ({ from: within(from), to: within(to), name: shorten(name) }))
      .filter(({ from, to }) => from <= to),
  };
}

function shorten(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain === ''
    ? 'unnamed'
    : Array.from(plain)
        .slice(0, wordsMax / 2)
        .join('');
}

function idOf(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return plain.slice(0, 64) || 'profile';
}
