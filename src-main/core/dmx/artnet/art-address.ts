const addressBytesMin = 107;

/** What a controller asks of a node from afar. Names and addresses that it would set are the operator's here and stay as the show
 *  has them. */
export interface ArtAddress {
  /** 1..255 */
  readonly bindIndex: number;
  /** merging ends with the next source heard, one port of the page merges otherwise, or nothing that is done here */
  readonly command:
    | { readonly does: 'cancel-merge' | 'other' }
    | { readonly does: 'merge'; readonly rule: 'htp' | 'ltp'; /** 0..3 */ readonly port: number };
}

/** Reads the rest of a packet whose head is that of an ArtAddress.
 *  @param bytes one UDP payload; not kept
 *  @returns undefined for a cut packet
 *  @see Art-Net 4, ArtAddress: packet definition, and the table of commands */
export function readArtAddress(bytes: Uint8Array): ArtAddress | undefined {
  if (bytes.length < addressBytesMin) return undefined;
  const bindIndex = Math.max(1, bytes[13] ?? 0); // 13 BindIndex; 0 is an old controller's word for the first
  return { bindIndex, command: commandOf(bytes[106] ?? 0) }; // 106 Command
}

function commandOf(code: number): ArtAddress['command'] {
  if (code === 0x01) return { does: 'cancel-merge' }; // AcCancelMerge
  if (code >= 0x10 && code <= 0x13) return { does: 'merge', rule: 'ltp', port: code - 0x10 }; // AcMergeLtp0-3
  if (code >= 0x50 && code <= 0x53) return { does: 'merge', rule: 'htp', port: code - 0x50 }; // AcMergeHtp0-3
  return { does: 'other' };
}
