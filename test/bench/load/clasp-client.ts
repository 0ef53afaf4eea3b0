import type { Value } from '../../../src-main/contract/signal.ts';
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
  onNumber: (n: number) => void;
  close(): void;
}

/** @param addresses of what it hears, and of what it sets
 *  @returns once it is welcome */
export async function openClaspClient(
  port: number,
  addresses: { readonly in?: string; readonly out?: string },
): Promise<ClaspClient> {
  const url = `ws://127.0.0.1:${port}/clasp`;
  const options = { clock: createSystemClock(), authorities: [], log: silentLog, radioProcess: '' };
  const connection = await (await createDialler(url, options)).dial(url);
  const say = (message: Message): void => void connection.send(frameFor(connection.framing, encodeFrame(message)));
  const client: ClaspClient = {
    onNumber: () => undefined,
    send: (n) => {
      const value = WireValue.of({ type: 'i32', value: n } satisfies Value);
      say({ type: messageType.set, address: addresses.out ?? '', value });
    },
    close: () => connection.close('done'),
  };
  const welcome = new Promise<void>((resolve) => {
    connection.onFrame((frame) => {
      const { message } = decodeFrame(bytesOfFrame(frame));
      if (message.type === messageType.welcome) resolve();
      if (message.type !== messageType.set) return;
      const { value } = message.value;
      if ('value' in value && value.type !== 'string') client.onNumber(Number(value.value));
    });
  });
  say(hello);
  await welcome;
  if (addresses.in !== undefined) say({ type: messageType.subscribe, id: 1, pattern: addresses.in, types: 0xff });
  return client;
}
