import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { encodeFrame, payloadTypeOf } from '../../core/protocol/frame.ts';
import { messageType } from '../../core/protocol/messages.ts';
import type { SerialPlace } from '../../platform/serial/line-settings.ts';
import { systemPorts, type SerialPorts } from '../../platform/serial/serial-ports.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection, Dialler } from '../../ports/transport.ts';
import { dialFault } from '../socket-faults.ts';
import { farewell, isFarewell } from './farewell.ts';
import { parseSerialUrl } from './serial-url.ts';
import { openLine } from './open-line.ts';
import { SerialConnection } from './serial-connection.ts';
import type { LineEvents, SerialLine } from './serial-line.ts';
import { serialLimits, type SerialLimits } from './serial-limits.ts';

export interface SerialDiallerOptions {
  readonly clock: Clock;
  readonly ports?: SerialPorts;
  readonly limits?: Partial<SerialLimits>;
  readonly onSkipped?: (bytes: number) => void;
}

/** The client's side of CLASP over a serial line: `serial:///dev/ttyUSB0?baud=115200`. It ends whatever session the line has, and
 *  asks by PING whether anybody is there.
 *  @see CLASP-WIRE §12 */
export function createSerialDialler({ clock, ports = systemPorts, ...options }: SerialDiallerOptions): Dialler {
  const limits: SerialLimits = { ...serialLimits, ...options.limits };
  const onSkipped = options.onSkipped ?? (() => undefined);
  const calls = new Set<Call>();
  return {
    dial: async (url) => {
      const call = new Call({ url, place: parseSerialUrl(url), ports, clock, limits, onSkipped });
      calls.add(call);
      try {
        return await call.run();
      } finally {
        calls.delete(call);
      }
    },
    abandon: () => {
      for (const call of calls) call.fail('given up');
    },
  };
}

interface CallOptions {
  readonly url: string;
  readonly place: SerialPlace;
  readonly ports: SerialPorts;
  readonly clock: Clock;
  readonly limits: SerialLimits;
  readonly onSkipped: (bytes: number) => void;
}

const question = Buffer.concat([farewell, encodeFrame({ type: messageType.ping })]);

/** One port, on which is asked until somebody answers, and which is a connection from then on. */
class Call {
  readonly #options: CallOptions;
  readonly #timers: Cancel[] = [];
  #line: SerialLine | undefined;
  #connection: SerialConnection | undefined;
  /** something else than an answer came */
  #isUsed = false;
  /** also before anything was asked */
  #failed: string | undefined;
  #settle: { readonly resolve: (connection: Connection) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  async run(): Promise<Connection> {
    const { url, clock, limits } = this.#options;
    const { line } = await openLine({ ...this.#options, events: this.#events() });
    this.#line = line;
    try {
      return await new Promise<Connection>((resolve, reject) => {
        this.#settle = { resolve, reject };
        if (this.#failed !== undefined) return reject(new Error(this.#failed));
        const withinMs = millis(limits.dialTimeoutMs + 4 * line.transferMs(question.length));
        this.#timers.push(clock.after(withinMs, () => this.fail('nobody answered')));
        this.#ask(line);
      });
    } catch (error) {
      await line.close(limits.closeTimeoutMs);
      throw dialFault(url, error);
    } finally {
      for (const cancel of this.#timers.splice(0)) cancel();
    }
  }

  fail(reason: string): void {
    this.#failed ??= reason;
    this.#settle?.reject(new Error(reason));
    this.#connection?.terminate(reason);
  }

  #ask(line: SerialLine): void {
    const { clock, limits } = this.#options;
    line.write(question);
    const againMs = millis(limits.probeEveryMs + 2 * line.transferMs(question.length));
    this.#timers.push(clock.after(againMs, () => this.#ask(line)));
  }

  #events(): LineEvents {
    return {
      onFrame: (frame) => this.#receive(frame),
      onSkipped: this.#options.onSkipped,
      onDrain: () => this.#connection?.drained(),
      onPeerClosed: () => this.#connection?.terminate('the peer closed its port'),
      onEnd: (reason) => this.fail(reason),
    };
  }

  /** Until the answer, all is of a session that was before us; then the answers to the other questions may follow. */
  #receive(frame: PlacedFrame): void {
    const connection = this.#connection;
    if (payloadTypeOf(frame) === messageType.pong && !this.#isUsed) {
      if (!connection) this.#found();
    } else if (connection) {
      this.#isUsed = true;
      if (isFarewell(frame)) connection.terminate('closed by the peer');
      else connection.receive(frame);
    }
  }

  #found(): void {
    const { place, limits } = this.#options;
    const line = this.#line;
    if (!line || this.#failed !== undefined) return;
    const connection = new SerialConnection({ line, peer: `serial ${place.device}`, maxBytes: limits.frameBytesMax });
    this.#connection = connection;
    connection.onClose(() => void line.close(limits.closeTimeoutMs));
    this.#settle?.resolve(connection);
  }
}
