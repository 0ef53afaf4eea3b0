import { messageType, type Message } from '../../protocol/messages.ts';
import type { Exchange } from '../exchange.ts';

/** of one look through the params, in small messages */
const searchCost = 32;
/** A merge goes through the map that stands, a timeline through its keyframes: so many bytes of them take as long as a small
 *  message. Measured. */
const mergedBytesPerCost = 64;
const timelineBytesPerCost = 32;

/** What doing a message takes beside reading its bytes, in small messages. Asked of each message: most cost nothing here.
 *  @param exchange as the message has left it */
export function costOf(message: Message, exchange: Pick<Exchange, 'rules' | 'table'>): number {
  switch (message.type) {
    case messageType.publish:
      return message.kind === 'timeline' ? Math.floor((message.value?.size ?? 0) / timelineBytesPerCost) : 0;
    case messageType.set:
      return mergeCost(message.address, exchange);
    case messageType.bundle:
      return message.messages.reduce((cost, each) => cost + costOf(each, exchange), 0);
    case messageType.hello:
    case messageType.subscribe:
    case messageType.query:
    case messageType.replay:
      return searchCost;
    default:
      return 0;
  }
}

function mergeCost(address: string, { rules, table }: Pick<Exchange, 'rules' | 'table'>): number {
  if (rules.isSilent) return 0;
  // Asked of what stands only: the address of a refused SET may be anything, and rules remember what they are asked for.
  const standing = table.get(address);
  if (!standing || rules.of(standing.address).strategy !== 'merge') return 0;
  return Math.floor(standing.sizeBytes / mergedBytesPerCost);
}
