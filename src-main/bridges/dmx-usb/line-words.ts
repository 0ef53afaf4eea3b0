import type { DmxUsbBridge } from '../../contract/bridges/dmx-usb.ts';
import type { FramePaceReading } from '../../contract/device.ts';

type Settings = DmxUsbBridge['settings'];

interface LineWords {
  readonly words: string;
  readonly notes: string;
}

/** What a line that sends does, as sentences: `Sends universe 1 at 40 Hz, jitter 0.3 ms, by ultraDMX 1004.` */
export function describeOutput(
  { universe, secondUniverse, rate }: Settings,
  sent: { readonly size: number; readonly isHeld: boolean; readonly pace: FramePaceReading | undefined },
  { words, notes }: LineWords,
): string {
  if (sent.size === 0) return joined(`Ready: ${words}. A universe is sent from its first value on.`, notes);
  if (sent.isHeld) return joined(`Ready: ${words}. It keeps what it has until something is sent.`, notes);
  const which =
    secondUniverse === null || sent.size === 1 ? `universe ${universe}` : `universes ${universe} and ${secondUniverse}`;
  return joined(`Sends ${which}${paceWords(sent.pace, rate)}, by ${words}.`, notes);
}

/** What a line that is listened to brings, as sentences. @param silentMs since the last frame; undefined without one */
export function describeInput(
  { universe, receive }: Settings,
  { words, notes }: LineWords,
  { silentMs, isLate }: { readonly silentMs: number | undefined; readonly isLate: boolean },
): string {
  if (silentMs === undefined)
    return joined(`Listens to universe ${universe} by ${words}. Nothing was heard yet.`, notes);
  if (isLate)
    return joined(
      `No DMX for ${Math.floor(silentMs / 1000)} s on universe ${universe}: the levels heard last stay. Look at the cable and the desk.`,
      notes,
    );
  const what = receive === 'all' ? 'Hears' : 'Hears changes of';
  return joined(`${what} universe ${universe} by ${words}.`, notes);
}

function paceWords(pace: FramePaceReading | undefined, rate: number): string {
  if (!pace) return ` at ${rate} Hz`;
  const { rateHz, jitterMs } = pace;
  const isSlow = rateHz < rate * 0.97;
  return ` at ${rounded(rateHz)} Hz${isSlow ? ` instead of ${rate}` : ''}, jitter ${jitterMs.toFixed(1)} ms`;
}

function rounded(rateHz: number): string {
  return rateHz < 9.95 ? String(Number(rateHz.toFixed(1))) : String(Math.round(rateHz));
}

function joined(...sentences: readonly string[]): string {
  return sentences.filter(Boolean).join(' ');
}
