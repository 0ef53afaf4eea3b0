import {
  isForeignDoor,
  keptDoorsMax,
  type DoorSettings,
  type DoorStatus,
  type KeptDoor,
  type OpenDoor,
} from '../contract/door.ts';
import { InputError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { isLoopback } from '../contract/loopback.ts';
import { millis } from '../contract/units.ts';
import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Transport } from '../ports/transport.ts';
import { createTransport, type TransportNeeds } from '../transports/catalogue.ts';
import { createWebSocketTransport } from '../transports/websocket/websocket-transport.ts';
import type { AccessList } from './access-list.ts';
import { createForeignDoor } from './foreign-door.ts';
import type { MachineIdentity } from './machine-identity.ts';
import type { SentRates } from './sent-rates.ts';
import { SupervisedDoor, type DoorFigures } from './supervised-door.ts';

export interface ClaspDoorsOptions {
  readonly host: string;
  /** of the WebSocket port */
  readonly port: number;
  /** the others of the command line */
  readonly transports: readonly DoorSettings[];
  /** keeps those of this machine */
  readonly settings: EngineSettingsStore;
  readonly router: Router;
  readonly access: AccessList;
  readonly identityOf: MachineIdentity;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onRefused: () => void;
  /** at once for what opens and shuts; for counts at most once a second */
  readonly onChange: (doors: readonly DoorStatus[]) => void;
  readonly radioProcess: string | URL;
  /** told of what clients of gateways are sent */
  readonly sentRates?: SentRates;
}

/** Counts are told this often while they change. */
const countsToldEvery = millis(1000);
const webSocketId = 'websocket';

/** Lets CLASP clients in: over WebSocket, web pages only from origins that pass or were allowed, and by whatever else the command
 *  line asks for or this machine keeps. All lead into one router. */
export class ClaspDoors {
  readonly #options: ClaspDoorsOptions;
  /** the WebSocket port, those of the command line, then those of this machine */
  readonly #doors = new Map<string, SupervisedDoor>();
  #kept: readonly KeptDoor[];
  #told = '';
  #cancelTelling: Cancel | undefined;

  constructor(options: ClaspDoorsOptions) {
    this.#options = options;
    this.#kept = options.settings.current().doors;
  }

  /** Opens what the command line asks for, or nothing; then those of this machine, of which each may fail.
   *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  async open(): Promise<void> {
    const { transports } = this.#options;
    try {
      await this.#add(webSocketId, undefined, true).openNow();
      for (const [index, settings] of transports.entries()) await this.#add(`given-${index}`, settings, true).openNow();
    } catch (error) {
      await this.#shut();
      throw error;
    }
    await Promise.all(this.#kept.map((door) => this.#begin(door)));
    this.#tellCounts();
  }

  /** of the WebSocket port */
  get url(): string {
    return this.#doors.get(webSocketId)?.url ?? '';
  }

  /** Those that are open now, and where clients dial. */
  listOpen(): readonly OpenDoor[] {
    return this.statuses().flatMap(({ settings, state, url, reason }): OpenDoor[] => {
      const host = this.#hostOf(settings);
      const open: OpenDoor = { kind: settings?.kind ?? 'websocket', url, ...(host !== undefined && { host }) };
      if (state === 'open') return [open];
      return state === 'waiting' ? [{ ...open, waitingFor: reason }] : [];
    });
  }

  figures(): readonly DoorFigures[] {
    return [...this.#doors.values()].map((door) => door.figures()).filter(({ url }) => url !== '');
  }

  statuses(): readonly DoorStatus[] {
    return [...this.#doors.values()].map((door) => door.status());
  }

  /** Adds one to those of this machine, or changes it: then those who came by it are closed first.
   *  @throws InputError 'unauthenticated-host' | 'bad-arguments' | 'unknown-id'; UnavailableError 'cannot-write-file' */
  async put(door: KeptDoor): Promise<readonly DoorStatus[]> {
    if (this.#isGiven(door.id)) throw notOurs(door.id);
    await this.#keep(door);
    await this.#doors.get(door.id)?.switchOff();
    await this.#begin(door);
    return this.#tell();
  }

  /** Switches one on or off: those of the command line for this run, the others until they are switched again.
   *  @throws InputError 'unknown-id' | 'bad-arguments' | 'unauthenticated-host'; UnavailableError */
  async switch(id: string, enabled: boolean): Promise<readonly DoorStatus[]> {
    const kept = this.#kept.find((door) => door.id === id);
    const door = this.#doors.get(id);
    if (!door) throw unknown(id);
    if (id === webSocketId) throw new InputError('bad-arguments', 'The WebSocket port is always open.', { id });
    if (kept) await this.#keep({ ...kept, enabled });
    // Tokens may have ceased to be asked for while it was kept.
    const fault = kept && this.#faultIn({ ...kept, enabled });
    if (fault) throw fault;
    await (enabled ? door.switchOn() : door.switchOff());
    return this.#tell();
  }

  /** @throws InputError 'unknown-id' | 'bad-arguments'; UnavailableError 'cannot-write-file' */
  async remove(id: string): Promise<readonly DoorStatus[]> {
    if (this.#isGiven(id)) throw notOurs(id);
    if (!this.#kept.some((door) => door.id === id)) throw unknown(id);
    const next = this.#kept.filter((door) => door.id !== id);
    await this.#options.settings.update({ doors: next });
    this.#kept = next;
    await this.#doors.get(id)?.switchOff();
    this.#doors.delete(id);
    return this.#tell();
  }

  /** Why others would come in unasked if nobody asked for tokens, by the first way in of this machine of which that is so. */
  faultWithoutTokens(): InputError | undefined {
    const open = this.#kept.find((door) => door.enabled && !door.isForAnyone && this.#isForOthers(door.settings));
    return open && this.#unasked(open.settings);
  }

  async stop(): Promise<void> {
    this.#options.router.close('Flyrail stops');
    await this.#shut();
  }

  async #shut(): Promise<void> {
    this.#cancelTelling?.();
    this.#cancelTelling = undefined;
    await Promise.all([...this.#doors.values()].map((door) => door.switchOff()));
  }

  /** @throws InputError 'unauthenticated-host' | 'bad-arguments'; UnavailableError: then nothing has changed */
  async #keep(door: KeptDoor): Promise<void> {
    const others = this.#kept.filter(({ id }) => id !== door.id);
    if (others.length >= keptDoorsMax) throw new InputError('bad-arguments', `At most ${keptDoorsMax} ways in.`);
    const fault = this.#faultIn(door);
    if (fault) throw fault;
    const place = this.#kept.findIndex(({ id }) => id === door.id);
    const next = place < 0 ? [...this.#kept, door] : this.#kept.with(place, door);
    await this.#options.settings.update({ doors: next });
    this.#kept = next;
  }

  async #begin(kept: KeptDoor): Promise<void> {
    const door = this.#add(kept.id, kept.settings, false);
    if (kept.enabled && !this.#faultIn(kept)) await door.switchOn();
  }

  #add(id: string, settings: DoorSettings | undefined, isGiven: boolean): SupervisedDoor {
    const { router } = this.#options;
    const door = new SupervisedDoor({
      ...this.#options,
      id,
      settings,
      isGiven,
      isAnyoneChosen: () => this.#kept.find((each) => each.id === id)?.isForAnyone ?? false,
      isForAnyone: () => !router.guard.asksForTokens && this.#isForOthers(settings),
      make: () => this.#make(settings),
      accept: (connection, scopes) => router.accept(connection, scopes),
      onChange: () => this.#tell(),
    });
    this.#doors.set(id, door);
    return door;
  }

  async #make(settings: DoorSettings | undefined): Promise<Transport> {
    const { access, onRefused, port, router } = this.#options;
    const needs: TransportNeeds = {
      ...this.#options,
      signalling: router.signalling,
      signallingUrl: () => this.url,
      isAllowedOrigin: (origin) => access.allows(origin),
      onRefused: ({ because, text }) => {
        onRefused();
        if (because === 'origin') access.refused(text);
      },
    };
    if (!settings) return createWebSocketTransport({ ...needs, port });
    if (isForeignDoor(settings)) return createForeignDoor(settings, { ...this.#options, ...needs });
    return createTransport(settings, needs);
  }

  /** undefined where there is no network: only what is plugged in can come by a serial port */
  #hostOf(settings: DoorSettings | null | undefined): string | undefined {
    const { host } = this.#options;
    if (!settings) return host;
    return 'port' in settings ? (settings.host ?? host) : undefined;
  }

  #isForOthers(settings: DoorSettings | undefined): boolean {
    const host = this.#hostOf(settings);
    if (host === undefined) return settings?.kind === 'ble' && settings.role === 'peripheral';
    return !isLoopback(host);
  }

  #isGiven(id: string): boolean {
    return this.#doors.get(id)?.status().isGiven ?? false;
  }

  /** Nobody is asked who they are, unless that was chosen. */
  #faultIn({ settings, enabled, isForAnyone }: KeptDoor): InputError | undefined {
    if (!enabled || isForAnyone || !this.#isForOthers(settings) || this.#options.router.guard.asksForTokens)
      return undefined;
    return this.#unasked(settings);
  }

  #unasked(settings: DoorSettings): InputError {
    const host = this.#hostOf(settings) ?? 'Bluetooth';
    const message = `${host} lets others in and nobody is asked who they are. Ask for tokens, or say that anyone may come.`;
    return new InputError('unauthenticated-host', message, { host });
  }

  #tell(): readonly DoorStatus[] {
    const statuses = this.statuses();
    const text = JSON.stringify(statuses);
    if (text !== this.#told) this.#options.onChange(statuses);
    this.#told = text;
    return statuses;
  }

  #tellCounts(): void {
    this.#cancelTelling = this.#options.clock.after(countsToldEvery, () => {
      this.#tell();
      this.#tellCounts();
    });
  }
}

function unknown(id: string): InputError {
  return new InputError('unknown-id', 'There is no such way in.', { id });
}

function notOurs(id: string): InputError {
  return new InputError('bad-arguments', 'This way in is of the command line: it can be switched, not changed.', {
    id,
  });
}
