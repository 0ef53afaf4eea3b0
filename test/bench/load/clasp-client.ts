import { bool, f64 } from '../../../src-main/contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../../src-main/core/protocol/framing.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { createDialler } from '../../../src-main/transports/catalogue.ts';
import { silentLog } from '../../silent-log.ts';
import { hello } from '../dialects/clasp-dialect.ts';

/** A client that sets numbers at one address, and hears those of another. */
interface ClaspClient {
  send(n: number): void;
  /** Sets a switch on. */
  switchOn(address: string): void;
  onNumber: (n: number) => void;
  close(): void;
}

interface ClaspClientOptions {
  /** of what it hears, and of what it sets */
  readonly addresses: { readonly in?: string; readonly out?: string };
  /** the number that stands for a value of 1; without it they are the same */
  readonly scale?: number;
  /** it says events */
  readonly asEvents?: boolean;
}

/** @returns once it is welcome */
export async function openClaspClient(
  port: number,
  { addresses, scale, asEvents = false }: ClaspClientOptions,
): Promise<ClaspClient> {
  const url = `ws://127.0.0.1:${port}/clasp`;
  const options = { clock: createSystemClock(), authorities: [], log: silentLog, radioProcess: '' };
  const connection = await (await createDialler(url, options)).dial(url);
  const say = (message: Message): void => void connection.send(frameFor(connection.framing, encodeFrame(message)));
  const client: ClaspClient = {
    onNumber: () => undefined,
    send: (n) => {
      const value = WireValue.of(scale === undefined ? { type: 'i32', value: n } : f64(n / scale));
      const address = addresses.out ?? '';
      if (asEvents) say({ type: messageType.publish, kind: 'event', address, value });
      else say({ type: messageType.set, address, value });
    },
    switchOn: (address) => say({ type: messageType.set, address, value: WireValue.of(bool(true)) }),
    close: () => connection.close('done'),
  };
  const welcome = new Promise<void>((resolve) => {
    connection.onFrame((frame) => {
      const { message } = decodeFrame(bytesOfFrame(frame));
      if (message.type === messageType.welcome) resolve();
      if (message.type !== messageType.set) return;
      const { value } = message.value;
      if (!('value' in value) || value.type === 'string') return;
      const n = Number(value.value);
      client.onNumber(scale === undefined ? n : Math.round(n * scale));
    });
  });
  say(hello);
  await welcome;
  if (addresses.in !== undefined) say({ type: messageType.subscribe, id: 1, pattern: addresses.in, types: 0xff });
  return client;
}
