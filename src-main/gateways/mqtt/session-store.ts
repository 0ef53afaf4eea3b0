import { Readable } from 'node:stream';
import type { Client } from 'aedes';
import type { MqttGuest } from './mqtt-guest.ts';

interface Packet {
  readonly cmd: string;
  readonly messageId: number;
}

const nothing = (): Promise<void> => Promise.resolve();
const none = (): Readable => Readable.from([]);

/** What aedes asks for a session is answered by the client's guest, which has its state: packet ids in both directions. Retained
 *  messages are the router's params, and wills are with their clients.
 *  @param guestOf undefined once it is gone
 *  @param isResumed whether CONNACK says that its session was there */
export function createSessionStore(
  guestOf: (client: Client) => MqttGuest | undefined,
  isResumed: (id: string) => boolean,
): object {
  return {
    // aedes tells an asynchronous function by its name.
    setup: async () => await nothing(),
    storeRetained: nothing,
    createRetainedStreamCombi: none,
    createRetainedStream: none,
    addSubscriptions: nothing,
    removeSubscriptions: nothing,
    cleanSubscriptions: nothing,
    // aedes says that the session was there where there are filters; it is refused each, since the guest has them.
    subscriptionsByClient: ({ id }: Client) => Promise.resolve(isResumed(id) ? [{ topic: 'session', qos: 0 }] : []),
    subscriptionsByTopic: () => Promise.resolve([]),
    outgoingEnqueue: nothing,
    outgoingEnqueueCombi: nothing,
    outgoingUpdate: (client: Client, { cmd, messageId }: Packet) => {
      if (cmd === 'pubrel') guestOf(client)?.outbox.release(messageId);
      return nothing();
    },
    outgoingClearMessageId: (client: Client, { cmd, messageId }: Packet) => {
      guestOf(client)?.outbox.acknowledge(messageId, cmd === 'pubcomp');
      return nothing();
    },
    outgoingStream: (client: Client) => Readable.from(guestOf(client)?.outbox.resent() ?? []),
    incomingStorePacket: nothing,
    // A PUBLISH that comes again was found out before; only PUBREL asks for what is there.
    incomingGetPacket: (client: Client, packet: Packet) =>
      packet.cmd === 'pubrel' && guestOf(client)?.awaitsRelease(packet.messageId) === true
        ? Promise.resolve(packet)
        : Promise.reject(new Error('no such packet')),
    incomingDelPacket: (client: Client, { messageId }: Packet) => {
      guestOf(client)?.released(messageId);
      return nothing();
    },
    cleanIncoming: nothing,
    putWill: nothing,
    delWill: nothing,
    streamWill: none,
  };
}
