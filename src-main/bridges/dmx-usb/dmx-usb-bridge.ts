import type { DmxUsbBridge as DmxUsbBridgeSettings } from '../../contract/bridges/dmx-usb.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Bridge as BridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { refusalShown } from '../../contract/device.ts';
import { hertz, microsToMillis, millis, type Micros } from '../../contract/units.ts';
import { ConstantSchedule } from '../../core/dmx/constant-schedule.ts';
import { DmxOutput } from '../../core/dmx/dmx-output.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskInput, DmxDesk } from '../../ports/dmx-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { SerialAccess } from '../../ports/serial-ports.ts';
import { DmxLine } from './dmx-line.ts';
import { HeardUniverse } from './heard-universe.ts';
import { SentLevels } from './sent-levels.ts';
import { describeInput, describeOutput } from './line-words.ts';

/** A DMX line without a frame for longer has lost its signal. [E1.11 9.2] */
const signalLostAfter = millis(1000);

export interface DmxUsbBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly serial: SerialAccess;
  readonly desk?: DmxDesk | undefined;
}

/** Sends a universe, or receives one, at a DMX512 interface on USB. `<prefix>/{universe}/{slot}` takes a level, or an array of
 *  levels for the slots from there on. A universe begins with its first value, and then goes out all the time.
 *  @see ANSI E1.11 */
export class DmxUsbBridge implements Bridge {
  /** As many slots as can change on a line. */
  readonly bringsMax = 25_000;
  #settings: DmxUsbBridgeSettings['settings'];
  readonly #clock: Clock;
  readonly #listenToDesk: () => Cancel | undefined;
  readonly #line: DmxLine;
  readonly #output: DmxOutput;
  readonly #sent: SentLevels;
  readonly #heard: HeardUniverse;
  #host: BridgeHost | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #leaveDesk: Cancel | undefined;
  #inTotal = 0;
  #heardAt: Micros | undefined;
  /** signals for a line that only is listened to */
  #unsentTotal = 0;

  constructor({ id, settings }: DmxUsbBridgeSettings, needs: DmxUsbBridgeNeeds) {
    this.#settings = settings;
    this.#clock = needs.clock;
    this.#listenToDesk = () => needs.desk?.hear(id, this.#asDeskInput());
    const prefix = settings.prefix.replace(/\/+$/, '');
    this.#line = new DmxLine(settings, needs, {
      onReady: () => this.#attached(),
      onSent: (output) => this.#sent.left(output),
      onFrame: (levels) => this.#hear(() => this.#heard.hearFrame(levels)),
      onChanges: (changes) => this.#hear(() => this.#heard.hearChanges(changes)),
    });
    this.#sent = new SentLevels(needs.clock, (output, levels) =>
      this.#line.send(output, levels.subarray(0, this.#settings.slots)),
    );
    this.#output = new DmxOutput({
      prefix,
      floats: settings.floats,
      covers: (universe) => this.#outputOf(universe) !== undefined,
      slots: () => this.#settings.slots,
      clock: needs.clock,
      desk: needs.desk && { desk: needs.desk, bridgeId: id },
      schedule: () => new ConstantSchedule(() => hertz(this.#settings.rate)),
      send: ({ universe, levels }) => this.#sent.send(this.#outputOf(universe) ?? 0, levels),
    });
    this.#heard = new HeardUniverse({ prefix, universe: settings.universe, publish: () => this.#settings.publish });
  }

  start(host: BridgeHost): Promise<void> {
    this.#host = host;
    this.#started = this.#start();
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    if (this.#settings.direction === 'in') {
      this.#unsentTotal += batch.length;
      return;
    }
    this.#output.apply(batch);
    if (this.#sent.letGo()) this.#output.restart();
  }

  /** What makes it another line, or another device, is not taken over. */
  change(next: BridgeSettings): boolean {
    if (next.kind !== 'dmx-usb' || !this.#started || this.#stopped) return false;
    if (wayOf(next.settings) !== wayOf(this.#settings)) return false;
    this.#settings = next.settings;
    this.#line.change(next.settings);
    this.#output.change(next.settings.floats);
    return true;
  }

  held(): readonly Signal[] {
    return this.#output.held();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const away = this.#line.trouble;
    const isOut = this.#settings.direction === 'out';
    const refused = this.#output.unsentWithin(refusalShown);
    const frames = this.#sent.pace;
    const device = this.#line.identity;
    return {
      ...(away === undefined ? (isOut ? this.#outputState() : this.#inputState()) : { state: 'broken', reason: away }),
      url: this.#url(),
      seenAt: this.#seenAt(),
      inTotal: this.#inTotal,
      outTotal: this.#sent.total,
      refusedTotal: this.#output.refusedTotal + this.#unsentTotal,
      ...(refused && { refused }),
      ...(away === undefined && frames && { frames }),
      ...(device && { device }),
    };
  }

  async #start(): Promise<void> {
    if (this.#settings.direction === 'out') this.#output.start();
    else this.#leaveDesk = this.#listenToDesk();
    await this.#line.start();
  }

  async #stop(): Promise<void> {
    this.#output.stop();
    this.#leaveDesk?.();
    await this.#line.stop();
  }

  /** What it sent before it left is what it gets, at once, unless the engine has it wait. */
  #attached(): void {
    this.#sent.hold();
    this.#host?.returned();
  }

  #hear(read: () => readonly Signal[]): void {
    if (this.#stopped) return;
    this.#inTotal++;
    this.#heardAt = this.#clock.nowMicros();
    const signals = read();
    if (signals.length > 0) this.#host?.publish(signals);
  }

  #asDeskInput(): DeskInput {
    const { universe } = this.#settings;
    const isThere = (): boolean => this.#heardAt !== undefined && this.#line.trouble === undefined;
    return {
      universes: () => (isThere() ? [universe] : []),
      heard: (asked) => {
        if (asked !== universe || !isThere()) return undefined;
        const { levels } = this.#heard;
        const source = { id: this.#url(), name: this.#line.words, priority: null, levels };
        return { levels, sources: [source], winnerOf: () => 0 };
      },
    };
  }

  #outputState(): Pick<BridgeHealth, 'state' | 'reason'> {
    const isRefusing = this.#output.refusedWithin(refusalShown);
    const refusal = this.#output.lastRefusal && `Refused: ${this.#output.lastRefusal}`;
    const stuck = this.#sent.stuckFor(millis(signalLostAfter + 1000 / this.#settings.rate));
    const summary = describeOutput(this.#settings, this.#sent, this.#line);
    return {
      state: isRefusing || stuck ? 'trouble' : 'connected',
      reason: [stuck && 'The interface takes no frames.', isRefusing && refusal, summary, !isRefusing && refusal]
        .filter(Boolean)
        .join(' '),
    };
  }

  #inputState(): Pick<BridgeHealth, 'state' | 'reason'> {
    const silentMs =
      this.#heardAt === undefined ? undefined : microsToMillis(this.#clock.nowMicros()) - microsToMillis(this.#heardAt);
    const isLate = silentMs !== undefined && silentMs > signalLostAfter && this.#settings.receive === 'all';
    return {
      state: isLate ? 'late' : 'connected',
      reason: describeInput(this.#settings, this.#line, { silentMs, isLate }),
    };
  }

  #seenAt(): BridgeHealth['seenAt'] {
    const at = this.#heardAt ?? this.#sent.lastAt;
    return at === undefined ? null : microsToMillis(at);
  }

  #outputOf(universe: number): number | undefined {
    const { universe: first, secondUniverse, direction } = this.#settings;
    if (direction !== 'out') return undefined;
    if (universe === first) return 0;
    return universe === secondUniverse ? 1 : undefined;
  }

  #url(): string {
    const { universe, secondUniverse, port } = this.#settings;
    const universes = secondUniverse === null ? `U ${universe}` : `U ${universe}, ${secondUniverse}`;
    return `${universes} on ${this.#line.path ?? port}`;
  }
}

/** What a device and its line are known by. */
function wayOf({
  rate: _rate,
  floats: _floats,
  slots: _slots,
  publish: _publish,
  ...way
}: DmxUsbBridgeSettings['settings']) {
  return JSON.stringify(way);
}
