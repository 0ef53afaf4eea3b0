import { realpath } from 'node:fs/promises';
import process from 'node:process';
import type { DeviceIdentity } from '../../contract/device-identity.ts';
import { messageOf, type UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, millisToMicros, type Millis, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { hasHungUp } from './hung-up.ts';
import type { SerialPlace } from './line-settings.ts';
import { serialFault } from './open-fault.ts';
import { findPlugged, findUsb, identityOf, tryUsbName, type UsbIdentity } from './port-identity.ts';
import type { OpenedPort, PortInfo, PortWatch, SerialPorts } from '../../ports/serial-ports.ts';
import { portUsers } from './port-users.ts';
import { portIdentity } from './port-words.ts';
import { watchListed } from './watch-listed.ts';

/** A port that takes longer to close is no longer waited for. */
const closeLimit = millis(1000);
/** A port is looked at so long after it was opened. */
const lookAfter = millis(500);

export interface HeldPortOptions {
  readonly place: SerialPlace;
  readonly ports: SerialPorts;
  readonly watch: PortWatch;
  readonly clock: Clock;
  readonly log: Log;
  /** The port is open, and ours alone, until `onLost`. */
  readonly onOpen: (port: OpenedPort, path: string) => void;
  /** It is gone: pulled out, or given up with `giveUp`. */
  readonly onLost: () => void;
}

/** A serial port by what the box at it is. While the box is away it is looked for, for ever, and taken again wherever it
 *  comes back. Another box that comes in its place is not taken for it. */
export class HeldPort {
  readonly #options: HeldPortOptions;
  #port: OpenedPort | undefined;
  #path: string | undefined;
  #trouble: string | undefined = 'Looking for the port.';
  /** of the last try, before it was asked who has the port */
  #lastFault: string | undefined;
  /** of what was open before */
  #seen: UsbIdentity | undefined;
  #identity: DeviceIdentity | undefined;
  #cancelWait: Cancel | undefined;
  #cancelLook: Cancel | undefined;
  #cancelListed: Cancel | undefined;
  #opening: Promise<void> | undefined;
  #nextTryAt: Micros | undefined;
  #openedAt: Micros | undefined;
  #isStopped = false;
  #onTried: (() => void) | undefined;

  constructor(options: HeldPortOptions) {
    this.#options = options;
  }

  /** why the port is not open, as a sentence; undefined while it is */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** where the port is, while it is open */
  get path(): string | undefined {
    return this.#path;
  }

  /** what the box at the port says of itself by USB, while it is open */
  get identity(): DeviceIdentity | undefined {
    return this.#identity;
  }

  /** Takes the port, or begins to look for it. Settles after the first try, whatever came of it. */
  start(): Promise<void> {
    const tried = new Promise<void>((resolve) => (this.#onTried = resolve));
    if (this.#isStopped) this.#settle();
    else this.#wait();
    return tried;
  }

  /** Closes the port, since what is at it is not what was looked for, and tries again after a rest.
   *  @param reason a sentence */
  giveUp(reason: string, rest: Millis): void {
    this.#nextTryAt = micros(this.#options.clock.nowMicros() + millisToMicros(rest));
    this.#lose(reason);
  }

  /** Settles when the port is closed, or its closing is no longer waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelWait?.();
    this.#cancelLook?.();
    this.#cancelListed?.();
    this.#settle();
    await this.#opening;
    const port = this.#port;
    this.#port = undefined;
    if (port) await this.#close(port);
  }

  #wait(): void {
    this.#cancelWait ??= this.#options.watch.wait((known, unlisted) => this.#try(known, unlisted));
  }

  #try(known: readonly PortInfo[], unlisted?: string): void {
    if (this.#opening || this.#isStopped) return;
    if (this.#nextTryAt !== undefined && this.#options.clock.nowMicros() < this.#nextTryAt) return;
    this.#opening = this.#open(known, unlisted).finally(() => {
      this.#opening = undefined;
      this.#settle();
    });
  }

  /** Never rejects. */
  async #open(known: readonly PortInfo[], unlisted?: string): Promise<void> {
    const { ports, place } = this.#options;
    const found = await this.#find(known);
    if ('trouble' in found) {
      this.#lastFault = undefined;
      // What is not in a list that could not be had may be plugged in all the same.
      this.#say(unlisted ?? found.trouble);
      return;
    }
    try {
      const port = await ports.open(found.path, place.line);
      if (this.#isStopped) await this.#close(port);
      else this.#take(port, found.path, known);
    } catch (cause) {
      await this.#fail(serialFault(found.path, cause));
    }
  }

  async #fail(fault: UnavailableError): Promise<void> {
    // Who has it is asked once: that takes the system some time.
    if (fault.message === this.#lastFault) return;
    this.#lastFault = fault.message;
    this.#say(await reasonOf(fault));
  }

  async #find(known: readonly PortInfo[]): Promise<{ readonly path: string } | { readonly trouble: string }> {
    const { device } = this.#options.place;
    const usb = tryUsbName(device);
    if (usb) return findUsb(usb, known);
    const real = await realpath(device).catch(() => device);
    return findPlugged({ path: device, real }, this.#seen, known);
  }

  #take(port: OpenedPort, path: string, known: readonly PortInfo[]): void {
    const { onOpen, log } = this.#options;
    this.#port = port;
    this.#path = path;
    this.#trouble = undefined;
    this.#lastFault = undefined;
    this.#nextTryAt = undefined;
    this.#openedAt = this.#options.clock.nowMicros();
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    void this.#learn(path, known);
    port.on('error', (error: Error) => this.#lost(port, messageOf(error)));
    port.on('end', () => this.#lost(port, 'the line was hung up'));
    port.on('close', () => this.#lost(port, 'the device is gone'));
    this.#cancelLook = this.#options.clock.after(lookAfter, () => void this.#look(port, path));
    this.#watchListed(port, path, known);
    log.info('serial port open', { port: path });
    onOpen(port, path);
  }

  async #look(port: OpenedPort, path: string): Promise<void> {
    const fault = await new Promise<Error | null>((resolve) => port.get(resolve));
    if (await hasHungUp(fault, path)) this.#lost(port, 'the line was hung up');
  }

  #watchListed(port: OpenedPort, path: string, known: readonly PortInfo[]): void {
    const { ports, clock } = this.#options;
    // Where names tell what comes and goes, the system also ends what is read from a port that went.
    if (ports.names || !known.some((each) => each.path === path)) return;
    const onGone = (): void => this.#lost(port, 'the device is gone');
    this.#cancelListed = watchListed({ path, ports, clock, onGone });
  }

  async #learn(path: string, known: readonly PortInfo[]): Promise<void> {
    const real = await realpath(path).catch(() => path);
    const info = known.find((each) => each.path === real || each.path === path);
    if (!info) return;
    this.#seen = identityOf(info) ?? this.#seen;
    if (this.#path === path) this.#identity = portIdentity(info);
  }

  #lost(port: OpenedPort, reason: string): void {
    if (this.#port === port) this.#lose(`${this.#path ?? this.#options.place.device} was lost: ${reason}.`);
  }

  #lose(reason: string): void {
    const port = this.#port;
    if (!port) return;
    this.#cancelLook?.();
    this.#cancelListed?.();
    // One that is lost as it is opened would be opened and lost without end.
    const restUntil = micros((this.#openedAt ?? 0) + millisToMicros(lookAfter));
    this.#nextTryAt ??= restUntil;
    this.#port = undefined;
    this.#path = undefined;
    this.#identity = undefined;
    this.#say(reason);
    this.#options.onLost();
    this.#opening = this.#close(port).finally(() => {
      this.#opening = undefined;
      if (!this.#isStopped) this.#wait();
    });
  }

  #say(trouble: string): void {
    if (trouble !== this.#trouble)
      this.#options.log.warn('serial port waited for', { device: this.#options.place.device, reason: trouble });
    this.#trouble = trouble;
  }

  /** Never rejects. */
  #close(port: OpenedPort): Promise<void> {
    return new Promise((resolve) => {
      // A write that fails while it closes is nobody's concern any more.
      port.on('error', () => undefined);
      if (!port.isOpen) return resolve();
      const cancel = this.#options.clock.after(closeLimit, resolve);
      port.close(() => {
        cancel();
        resolve();
      });
    });
  }

  #settle(): void {
    this.#onTried?.();
    this.#onTried = undefined;
  }
}

/** With the name of the program that has it, where the system tells. */
async function reasonOf({ code, message, details }: UnavailableError): Promise<string> {
  const path = details['path'];
  if (code !== 'port-in-use' || typeof path !== 'string') return message;
  const user = (await portUsers([path])).get(path);
  if (!user) return message;
  if (user.pid === process.pid) return `${path} is in use by Flyrail itself: give every bridge a port of its own.`;
  return `${path} is in use by ${user.program} (process ${user.pid}): end that program.`;
}
