import { isWithin, type UniverseSpan } from '../../contract/bridges/universe-spans.ts';
import type { NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { SacnBridge } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { microsToMillis, millis, type Millis } from '../../contract/units.ts';
import { DmxInput, type DmxInputSettings } from '../../core/dmx/dmx-input.ts';
import { describeSilence } from '../../core/dmx/silent-universes.ts';
import { networkLossMs, SacnInput } from '../../core/dmx/sacn-input.ts';
import { listenAtPort, type PortEar } from '../../platform/multicast-port.ts';
import type { Clock } from '../../ports/clock.ts';
import { listeningCards, NearSenders } from './sacn-cards.ts';
import { multicastGroup } from './sacn-network.ts';

type Settings = SacnBridge['settings'];

/** How often cards are looked at, and what could not be heard is tried again. */
export const lookAroundMs = 2000 as Millis;

export interface SacnReceivingOptions {
  readonly clock: Clock;
  readonly networkCards: () => readonly NetworkCard[];
  readonly publish: (batch: readonly Signal[]) => void;
}

/** The universes that a bridge receives: hears their groups and what is sent to this machine alone, and publishes what
 *  changes. Once it listens it goes on by itself when its port died, or its cards come and go. */
export class SacnReceiving {
  readonly #options: SacnReceivingOptions;
  #settings: Settings;
  readonly input: DmxInput;
  readonly #packets: SacnInput;
  readonly #near: NearSenders;
  #ear: PortEar | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #trouble: string | undefined;
  #cancel: Cancel | undefined;
  #isClosed = false;

  constructor(settings: Settings, options: SacnReceivingOptions) {
    this.#options = options;
    this.#settings = settings;
    this.#near = new NearSenders(options.networkCards);
    const { clock, publish } = options;
    this.input = new DmxInput({ ...inputOf(settings), clock, publish, prefix: settings.prefix.replace(/\/+$/, '') });
    this.#packets = new SacnInput({
      clock,
      input: this.input,
      settings,
      covers: (universe) => isWithin(this.#settings.receive, universe),
      isOwnCid: (cid) => cid === this.#settings.cid.toLowerCase(),
    });
  }

  get takenTotal(): number {
    return this.#packets.takenTotal;
  }

  /** Datagrams that are no sACN, and frames of sources that were one too many. */
  get refusedTotal(): number {
    return this.#packets.strayTotal + this.input.refusedTotal;
  }

  get heardAt(): Millis | null {
    const at = this.#packets.heardAt;
    return at === undefined ? null : millis(Math.floor(microsToMillis(at)));
  }

  /** What is not as it should be, as sentences. */
  get trouble(): string | undefined {
    if (this.#settings.receive.length === 0) return undefined;
    const missing = new Set(this.#ear?.missing.map(({ group }) => group)).size;
    const frozen = this.#packets.frozenSources;
    return (
      [
        this.#trouble,
        missing > 0 && `${missing} of its universes cannot be heard by multicast; it tries again.`,
        frozen.length > 0 && `${frozen.join(', ')} stopped sending sync packets: its levels stand still.`,
      ]
        .filter(Boolean)
        .join(' ') || undefined
    );
  }

  /** Who fell silent without a goodbye, and since when, as a sentence. */
  get silence(): string | undefined {
    return describeSilence(this.input, 'universe');
  }

  /** What is heard, as a sentence. */
  get summary(): string | undefined {
    if (this.#settings.receive.length === 0) return undefined;
    const driven = this.input.universes().map((universe) => this.input.heard(universe)?.sources ?? []);
    const sources = new Set(driven.flat().map(({ id }) => id)).size;
    const { previewed } = this.#packets;
    if (sources === 0) return previewed ?? (this.silence === undefined ? 'Listens; nobody sends.' : undefined);
    const universes = driven.filter(({ length }) => length > 0).length;
    const stray = this.#packets.strayTotal;
    return [
      `Receives ${counted(universes, 'universe')} from ${counted(sources, 'source')}.`,
      previewed,
      stray > 0 && `${counted(stray, 'packet')} at this port ${stray === 1 ? 'was' : 'were'} not sACN.`,
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** Listens, if the settings name a universe.
   *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  async open(): Promise<void> {
    await this.#listen();
    this.#lookAround();
  }

  /** Goes by other settings from now on. */
  change(settings: Settings): void {
    this.#settings = settings;
    this.input.change(inputOf(settings));
    this.#packets.change(settings);
    this.#packets.leaveOut();
    this.#lookAround();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    this.input.stop();
    await this.#opening?.catch(() => undefined);
    await Promise.all([this.#closing, this.#ear?.close()]);
  }

  #lookAround(): void {
    this.#cancel?.();
    if (this.#isClosed) return;
    if (this.#settings.receive.length === 0) this.#letGo();
    else if (this.#ear) this.#follow(this.#ear);
    else void this.#listen().catch(() => undefined);
    this.#cancel = this.#options.clock.after(lookAroundMs, () => this.#lookAround());
  }

  /** Another program may want what is sent to this machine alone. */
  #letGo(): void {
    const ear = this.#ear;
    this.#ear = undefined;
    this.#trouble = undefined;
    if (ear) this.#closing = ear.close();
  }

  #listen(): Promise<void> {
    if (this.#settings.receive.length === 0) return Promise.resolve();
    this.#opening ??= this.#openEar().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #openEar(): Promise<void> {
    try {
      const ear = await listenAtPort(this.#settings.port, {
        onMessage: (bytes, from) => this.#hear(bytes, from.address),
        onError: (reason) => this.#lost(reason),
      });
      this.#trouble = undefined;
      this.#ear = ear;
      if (!this.#isClosed) this.#follow(ear);
    } catch (cause) {
      if (cause instanceof UnavailableError) this.#trouble = cause.message;
      throw cause;
    }
  }

  #lost(reason: UnavailableError): void {
    this.#ear = undefined;
    this.#trouble = reason.message;
  }

  #hear(bytes: Uint8Array, from: string): void {
    if (!this.#near.isNear(from)) return;
    const syncs = this.#packets.syncUniverses.length;
    this.#packets.hear(bytes, from);
    // The first packet that asks for sync packets is not sent for them in vain.
    if (this.#ear && this.#packets.syncUniverses.length > syncs) this.#follow(this.#ear);
  }

  #follow(ear: PortEar): void {
    const { receive, networkCard } = this.#settings;
    this.#near.choose(networkCard);
    const cards = listeningCards(this.#options.networkCards(), networkCard);
    const groups = new Set([...universesOf(receive), ...this.#packets.syncUniverses].map(multicastGroup));
    ear.follow([...groups].flatMap((group) => cards.map((card) => ({ group, card }))));
  }
}

function inputOf(settings: Settings): DmxInputSettings {
  const { publish, merge, mergeOther, settleMs, sourcesMax } = settings;
  const other = merge === 'htp' ? 'ltp' : 'htp';
  return {
    form: publish,
    merge: { rule: merge, sourcesMax, lostAfter: networkLossMs, settle: millis(settleMs) },
    ruleOf: (universe) => (isWithin(mergeOther, universe) ? other : merge),
  };
}

function universesOf(spans: readonly UniverseSpan[]): number[] {
  return spans.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
