import { isUtf8, type Buffer } from 'node:buffer';

/** What of aedes's parser its types leave out. */
export interface PacketParser {
  readonly _list: { readonly length: number; slice(start: number, end: number): Buffer };
  readonly _pos: number;
  readonly packet: { readonly length: number; readonly messageId?: number };
  _parseString(): string | null;
  _parseMessageId(): boolean;
  _emitError(reason: Error): void;
}

/** Makes an error of the parser, which ends the connection, of what it takes by itself: texts that hold NUL or are no UTF-8, and
 *  packet ids that are 0 or missing.
 *  @see MQTT 3.1.1, 1.5.3-1, 1.5.3-2, 2.3.1-1 */
export function parseStrictly(parser: PacketParser): void {
  const parseString = parser._parseString.bind(parser);
  const parseMessageId = parser._parseMessageId.bind(parser);

  parser._parseString = () => {
    const start = parser._pos + 2;
    const text = parseString();
    if (text === null || text.includes('\0')) return null;
    // Only where a letter may stand for bytes that are none.
    return text.includes('\ufffd') && !isUtf8(parser._list.slice(start, parser._pos)) ? null : text;
  };
  parser._parseMessageId = () => {
    if (!parseMessageId()) return false;
    const { messageId = 0, length } = parser.packet;
    if (messageId > 0 && parser._pos <= length) return true;
    parser._emitError(new Error('The packet has no id.'));
    return false;
  };
}
