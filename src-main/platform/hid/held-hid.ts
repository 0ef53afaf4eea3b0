import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HidAccess, HidInfo, HidLook, OpenedHid } from '../../ports/hid-ports.ts';
import type { Log } from '../../ports/log.ts';
import { findHid, tryHidName } from './hid-identity.ts';

/** One that was lost is left alone so long: it may be listed still, and lost again at once. */
export const restAfterLoss = millis(500);

export interface HeldHidOptions {
  /** `hid=VID:PID`, with `:SERIAL` or `@SOCKET` behind it */
  readonly device: string;
  /** page and usage, or empty */
  readonly part: string;
  readonly access: HidAccess;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Settles what has to be there before the first report; what it throws is the trouble, and it is tried again. */
  readonly prepare: (info: HidInfo) => Promise<void>;
  /** It is open until `onLost`. */
  readonly onOpen: (device: OpenedHid, info: HidInfo) => void;
  readonly onReport: (bytes: Uint8Array) => void;
  readonly onLost: () => void;
}

/** A HID device by what it is. While it is away it is looked for, for ever, and taken wherever it comes back. */
export class HeldHid {
  readonly #options: HeldHidOptions;
  #device: OpenedHid | undefined;
  #trouble: string | undefined = 'Looking for the device.';
  #cancelWait: Cancel | undefined;
  #cancelRest: Cancel | undefined;
  #busy: Promise<void> | undefined;
  #isStopped = false;
  #onTried: (() => void) | undefined;

  constructor(options: HeldHidOptions) {
    this.#options = options;
  }

  /** why it is not open, as a sentence; undefined while it is */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get current(): OpenedHid | undefined {
    return this.#device;
  }

  /** Begins to look for it. Settles after the first try, whatever came of it. */
  start(): Promise<void> {
    const tried = new Promise<void>((resolve) => (this.#onTried = resolve));
    if (this.#isStopped) this.#settle();
    else this.#wait();
    return tried;
  }

  /** It does not take what it is sent: it is opened anew. @param reason a sentence */
  giveUp(reason: string): void {
    this.#lose(reason);
  }

  /** Settles when it is closed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRest?.();
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#settle();
    await this.#busy;
    const device = this.#device;
    this.#device = undefined;
    await this.#close(device);
  }

  #wait(): void {
    this.#cancelWait ??= this.#options.access.watch.wait((found) => this.#try(found));
  }

  #try(found: HidLook): void {
    if (this.#busy || this.#isStopped || this.#device) return;
    this.#busy = this.#open(found).finally(() => {
      this.#busy = undefined;
      this.#settle();
    });
  }

  /** Never rejects. */
  async #open(found: HidLook): Promise<void> {
    const { device, part, access, prepare, onOpen, log } = this.#options;
    const identity = tryHidName(device);
    if ('trouble' in found) return this.#say(found.trouble);
    if (!identity) return this.#say(`${device} names no device.`);
    const place = findHid(identity, part, found.infos);
    if ('trouble' in place) return this.#say(place.trouble);
    const { info } = place;
    let isTaken = false;
    let lostWith: string | undefined;
    try {
      await prepare(info);
      const opened = await access.ports.open(info.path, {
        onReport: (bytes) => {
          if (isTaken && this.#device === opened) this.#options.onReport(bytes);
        },
        onLost: (reason) => {
          if (!isTaken) lostWith = reason;
          else if (this.#device === opened) this.#lose(`The device was lost: ${reason}.`);
        },
      });
      if (this.#isStopped || lostWith !== undefined) {
        await this.#close(opened);
        return this.#say(`The device was lost: ${lostWith ?? 'it was let go'}.`);
      }
      isTaken = true;
      this.#device = opened;
    } catch (cause) {
      return this.#say(messageOf(cause));
    }
    this.#trouble = undefined;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    log.info('HID device attached', { device, path: info.path });
    onOpen(this.#device, info);
  }

  #lose(reason: string): void {
    const device = this.#device;
    if (!device) return;
    this.#device = undefined;
    this.#say(reason);
    this.#options.onLost();
    this.#busy = this.#close(device).finally(() => {
      this.#busy = undefined;
    });
    this.#cancelRest = this.#options.clock.after(restAfterLoss, () => this.#wait());
  }

  #say(trouble: string): void {
    const { device, log } = this.#options;
    if (trouble !== this.#trouble) log.warn('HID device waited for', { device, reason: trouble });
    this.#trouble = trouble;
  }

  /** Never rejects. */
  async #close(device: OpenedHid | undefined): Promise<void> {
    // What is gone already cannot be closed.
    await device?.close().catch(() => undefined);
  }

  #settle(): void {
    this.#onTried?.();
    this.#onTried = undefined;
  }
}
