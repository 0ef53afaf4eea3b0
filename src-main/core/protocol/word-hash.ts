/** Takes one more word of 32 bits into a hash. */
export function stirred(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return product ^ (product >>> 15);
}

/** The last step, so that what differs in a digit or two does not fall on the same places. @see MurmurHash3, its last steps */
export function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return half ^ (half >>> 13);
}
