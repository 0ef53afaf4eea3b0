import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionHandle, UpdateValueCallback } from '@stoprocent/bleno';
import { RadioLinkEvents } from './radio-link-events.ts';
import type { RadioLink } from './radio.ts';

export interface BlenoLinkOptions {
  readonly mtu: number;
  readonly notify: UpdateValueCallback;
  readonly disconnect: () => void;
  /** notifications that the library holds, where it can be told */
  readonly queued: () => number | undefined;
}

/** held by the library; it has no bound of its own */
const queuedMax = 8;
/** between looks at it */
const lookEveryMs = 3;
/** between notifications where nothing can be looked at: the shortest connection interval is 7.5 ms, and carries several */
const pauseMs = 4;

/** A central that has asked bleno for notifications. */
export class BlenoLink extends RadioLinkEvents implements RadioLink {
  readonly #options: BlenoLinkOptions;

  constructor(handle: ConnectionHandle, address: string | undefined, options: BlenoLinkOptions) {
    super(address ?? `central ${handle}`, options.mtu);
    this.#options = options;
  }

  /** Notifications are not confirmed. */
  async send(message: Uint8Array): Promise<void> {
    const { notify, queued } = this.#options;
    this.assertOpen();
    if (queued() === undefined) await delay(pauseMs);
    while (!this.hasEnded && (queued() ?? 0) >= queuedMax) await delay(lookEveryMs);
    this.assertOpen();
    notify(Buffer.from(message));
  }

  disconnect(): void {
    if (!this.hasEnded) this.#options.disconnect();
  }
}
