import type { SerialLine } from '../../contract/door.ts';
import { lineSettings } from '../../platform/serial/line-settings.ts';
import { systemPorts, type SerialPorts } from '../../platform/serial/serial-ports.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Transport } from '../../ports/transport.ts';
import { createSerialDialler } from './serial-dialler.ts';
import { serialLimits, type SerialLimits } from './serial-limits.ts';
import { SerialListener } from './serial-listener.ts';

export interface SerialTransportOptions {
  /** where it listens: a path, `COM3`, or `usb=VID:PID[:SERIAL]` */
  readonly device: string;
  /** 115200 8N1 without flow control where nothing is said */
  readonly line?: SerialLine;
  /** those of this machine without */
  readonly ports?: SerialPorts;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SerialLimits>;
}

export interface SerialTransport extends Transport {
  /** skippedBytes: that belonged to no frame; stranger: frames of nobody who said HELLO */
  refused(): { readonly skippedBytes: number; readonly stranger: number };
}

/** CLASP over a serial line: frame behind frame, with nothing between, found again after noise. One peer, at the other end.
 *  @see CLASP-WIRE §12 */
export function createSerialTransport(options: SerialTransportOptions): SerialTransport {
  const limits: SerialLimits = { ...serialLimits, ...options.limits };
  const place = { device: options.device, line: lineSettings(options.line ?? {}) };
  const ports = options.ports ?? systemPorts;
  const counts = { skippedBytes: 0, stranger: 0 };
  const onSkipped = (bytes: number): void => {
    counts.skippedBytes += bytes;
  };
  const onStranger = (): void => {
    counts.stranger++;
  };
  const dialler = createSerialDialler({ ...options, ports, onSkipped });
  return {
    listen: (accept) => SerialListener.open({ ...options, place, ports, limits, onSkipped, onStranger }, accept),
    dial: (url) => dialler.dial(url),
    refused: () => ({ ...counts }),
  };
}
