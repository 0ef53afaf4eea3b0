import { readArtAddress, type ArtAddress } from './art-address.ts';
import { readArtDmx, type ArtDmx } from './art-dmx.ts';
import { readArtPoll, type ArtPoll } from './art-poll.ts';
import { readArtPollReply, type ArtPollReply } from './art-poll-reply.ts';
import { opcodes, protocolVersion, readOpcode } from './artnet-head.ts';

/** One packet as it was read. input: a controller would switch inputs of this node off or on. other: Art-Net that is not for us, such
 *  as firmware, time code, or the setting of an IP address, which stays the system's. unread: not Art-Net, an old version, cut, or with a length that cannot be. */
export type ArtnetPacket =
  | ({ readonly is: 'dmx' } & ArtDmx)
  | ({ readonly is: 'poll' } & ArtPoll)
  | ({ readonly is: 'poll-reply' } & ArtPollReply)
  | ({ readonly is: 'address' } & ArtAddress)
  | { readonly is: 'sync' }
  | { readonly is: 'input' }
  | { readonly is: 'other' }
  | { readonly is: 'unread' };

/** Up to and with the switches of four inputs. [Art-Net 4, ArtInput] */
const inputBytesMin = 20;
const unread = { is: 'unread' } as const;

/** @param bytes one UDP payload; levels in it are a view
 *  @returns never throws */
export function readArtnetPacket(bytes: Uint8Array): ArtnetPacket {
  const opcode = readOpcode(bytes);
  if (opcode === undefined) return unread;
  // The only one in which the version stands elsewhere.
  if (opcode === opcodes.pollReply) return known('poll-reply', readArtPollReply(bytes));
  if (bytes.length < 12 || (bytes[10] ?? 0) * 256 + (bytes[11] ?? 0) < protocolVersion) return unread;
  switch (opcode) {
    case opcodes.dmx:
      return known('dmx', readArtDmx(bytes));
    case opcodes.poll:
      return known('poll', readArtPoll(bytes));
    case opcodes.address:
      return known('address', readArtAddress(bytes));
    case opcodes.sync:
      return bytes.length < 14 ? unread : { is: 'sync' };
    case opcodes.input:
      return bytes.length < inputBytesMin ? unread : { is: 'input' };
    default:
      return { is: 'other' };
  }
}

function known<Is extends string, T extends object>(is: Is, read: T | undefined): ({ is: Is } & T) | typeof unread {
  return read ? { is, ...read } : unread;
}
