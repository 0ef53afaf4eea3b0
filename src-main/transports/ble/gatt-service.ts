/** The service under which CLASP is found. All three are of the Bluetooth base, so 0x7330 is the same for a system that
 *  shortens them. @see CLASP-WIRE §12 */
export const serviceUuid = '00007330-0000-1000-8000-00805f9b34fb';
/** The central writes there, with or without a response. */
export const txUuid = '00007331-0000-1000-8000-00805f9b34fb';
/** The peripheral notifies there. */
export const rxUuid = '00007332-0000-1000-8000-00805f9b34fb';

/** ATT MTU before anybody asked for more, and the largest there is. [Bluetooth Core, Vol 3, Part F 3.2.8, 3.2.9] */
export const mtuMin = 23;
export const mtuMax = 517;
/** opcode and handle, before what one write or notification carries */
const attHeaderBytes = 3;

/** What one write or notification carries. @param mtu as a library tells it, or nothing before it was agreed */
export function messageBytesFor(mtu: number | null | undefined): number {
  const known = typeof mtu === 'number' && Number.isFinite(mtu) ? Math.floor(mtu) : mtuMin;
  return Math.min(mtuMax, Math.max(mtuMin, known)) - attHeaderBytes;
}

/** Whether two UUIDs are the same, whichever way a library writes them: `7330`, with dashes or without. */
export function isSameUuid(uuid: string, other: string): boolean {
  return wholeUuid(uuid) === wholeUuid(other);
}

function wholeUuid(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return digits.length === 4 ? `0000${digits}00001000800000805f9b34fb` : digits;
}
