const words: Readonly<Record<number, string>> = {
  0x08: 'the link was lost',
  0x13: 'closed by the peer',
  0x14: 'closed by the peer',
  0x15: 'closed by the peer',
  0x16: 'closed here',
  0x3e: 'the link was lost',
};

/** Why a link ended. @param reason an error code of Bluetooth, or what a library says [Bluetooth Core, Vol 1, Part F] */
export function endWords(reason: unknown): string {
  if (typeof reason === 'number') return words[reason] ?? `the link ended (0x${reason.toString(16).padStart(2, '0')})`;
  return typeof reason === 'string' && reason !== '' ? `the link ended: ${reason}` : 'the link ended';
}
