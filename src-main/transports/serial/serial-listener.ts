import { realpath } from 'node:fs/promises';
import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { SerialPlace } from '../../platform/serial/line-settings.ts';
import { identityOf, type UsbIdentity } from '../../platform/serial/port-identity.ts';
import type { SerialPorts } from '../../ports/serial-ports.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { KeepAlive } from '../../platform/keep-alive.ts';
import { serialUrl } from './serial-url.ts';
import { openLine } from './open-line.ts';
import type { LineEvents, SerialLine } from './serial-line.ts';
import type { SerialLimits } from './serial-limits.ts';
import { SerialSessions } from './serial-sessions.ts';

export interface SerialListenerOptions {
  readonly place: SerialPlace;
  readonly ports: SerialPorts;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: SerialLimits;
  readonly onSkipped: (bytes: number) => void;
  readonly onStranger: () => void;
}

/** A serial port that is a way in for whoever is at the other end. While it is not there it is waited for, and a box that was
 *  plugged in again is found by what it is. */
export class SerialListener {
  readonly #options: SerialListenerOptions;
  readonly #accept: (connection: Connection) => void;
  readonly #keepAlive: KeepAlive;
  #line: SerialLine | undefined;
  #sessions: SerialSessions | undefined;
  #waitingFor: string | undefined;
  /** of what was open before */
  #seen: UsbIdentity | undefined;
  #cancel: Cancel | undefined;
  #attaching: Promise<void> | undefined;
  #isStopped = false;

  private constructor(options: SerialListenerOptions, accept: (connection: Connection) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#keepAlive = new KeepAlive(options.clock, options.limits.pingIntervalMs);
  }

  /** Settles after the first try, whatever came of it. */
  static async open(options: SerialListenerOptions, accept: (connection: Connection) => void): Promise<Listening> {
    const listener = new SerialListener(options, accept);
    await listener.#try();
    return {
      url: serialUrl(options.place),
      waitingFor: () => listener.#waitingFor,
      stop: () => listener.#stop(),
    };
  }

  #try(): Promise<void> {
    this.#attaching = this.#attach().catch((error: unknown) => this.#wait(messageOf(error)));
    return this.#attaching;
  }

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  async #attach(): Promise<void> {
    const { place, log } = this.#options;
    const { line, path } = await openLine({ ...this.#options, seen: this.#seen, events: this.#events() });
    if (this.#isStopped) return line.close(this.#options.limits.closeTimeoutMs);
    this.#waitingFor = undefined;
    this.#line = line;
    this.#sessions = new SerialSessions({
      line,
      peer: `serial ${path}`,
      maxBytes: this.#options.limits.frameBytesMax,
      keepAlive: this.#keepAlive,
      accept: this.#accept,
      onStranger: this.#options.onStranger,
    });
    log.info('serial port open', { port: path, device: place.device });
    void this.#learn(path);
  }

  /** What is asked of the system takes some time; nobody waits for it. */
  async #learn(path: string): Promise<void> {
    try {
      const real = await realpath(path).catch(() => path);
      const info = (await this.#options.ports.list()).find((port) => port.path === real);
      if (info) this.#seen = identityOf(info) ?? this.#seen;
    } catch (error) {
      this.#options.log.info('serial ports unknown', { reason: messageOf(error) });
    }
  }

  #events(): LineEvents {
    return {
      onFrame: (frame) => this.#sessions?.receive(frame),
      onSkipped: this.#options.onSkipped,
      onDrain: () => this.#sessions?.connection?.drained(),
      onPeerClosed: () => this.#sessions?.connection?.terminate('the peer closed its port'),
      onEnd: (reason) => this.#ended(reason),
    };
  }

  #ended(reason: string): void {
    this.#line = undefined;
    this.#sessions?.connection?.terminate(reason);
    this.#sessions = undefined;
    if (!this.#isStopped) this.#wait(`${this.#options.place.device} was lost: ${reason}`);
  }

  #wait(reason: string): void {
    const { clock, log, limits, place } = this.#options;
    if (this.#isStopped) return;
    if (this.#waitingFor !== reason) log.warn('serial port waited for', { device: place.device, reason });
    this.#waitingFor = reason;
    this.#cancel = clock.after(limits.retryEveryMs, () => void this.#try());
  }

  async #stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#attaching;
    this.#sessions?.connection?.close('the listener stops');
    await this.#line?.close(this.#options.limits.closeTimeoutMs);
  }
}
