import type { SerialSettings } from '../../contract/bridges/serial.ts';
import { templatePattern } from './line-pattern.ts';
import { textOfMessage } from './message-text.ts';

/** Tells replies from other messages of a device; all are where the settings name none.
 *  @throws InputError 'bad-pattern' in a clause */
export function replyMatcher(settings: SerialSettings): (message: Uint8Array) => boolean {
  const reply = settings.answer?.reply ?? '';
  if (reply === '') return () => true;
  const find = templatePattern(reply, settings.longest);
  return (message) => {
    const words = textOfMessage(settings, message);
    return words !== undefined && find(words) !== undefined;
  };
}
