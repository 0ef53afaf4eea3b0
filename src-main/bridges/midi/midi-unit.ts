import type { Signal } from '../../contract/signal.ts';
import type { MidiMessage } from './midi-messages.ts';

/** What one signal becomes, which leaves in one piece. */
export interface MidiUnit {
  readonly messages: readonly MidiMessage[];
  /** what of the device it sets; undefined for what sets nothing */
  readonly sets: string | undefined;
  /** the newest that sets the same makes those that wait needless; otherwise each is wanted, in its order */
  readonly isLevel: boolean;
}

/** @param messages of one signal, one or more */
export function unitOf(messages: readonly MidiMessage[], kind: Signal['kind']): MidiUnit {
  const flows = kind === 'param' || kind === 'stream';
  return { messages, sets: settingOf(messages), isLevel: flows && messages.every(isLevel) };
}

/** A program, a bank's controllers before it and a note mean something by their order; so do the controllers of a numbered parameter
 *  that come one by one. Where they are one unit, that has a number of its own. */
function isLevel(message: MidiMessage, _index: number, { length }: readonly MidiMessage[]): boolean {
  switch (message.type) {
    case 'control':
      return length > 2 || !isOrdered(message.controller);
    case 'bend':
    case 'pressure':
    case 'note-pressure':
      return true;
    default:
      return false;
  }
}

/** Bank select, data entry and its steps, the numbers of parameters, and the channel mode messages. */
function isOrdered(controller: number): boolean {
  return [0, 6, 32, 38].includes(controller) || (controller >= 96 && controller <= 101) || controller >= 120;
}

function settingOf(messages: readonly MidiMessage[]): string | undefined {
  const [first] = messages;
  switch (first?.type) {
    case 'control': {
      // Of a numbered parameter the first two say which.
      const number = messages.length > 2 ? messages.slice(0, 2) : [];
      const words = number.map((each) => (each.type === 'control' ? `${each.controller}=${each.value}` : ''));
      return ['control', first.channel, first.controller, ...words].join(' ');
    }
    case 'bend':
    case 'pressure':
    case 'program':
      return `${first.type} ${first.channel}`;
    case 'note':
    case 'note-pressure':
      return `${first.type} ${first.channel} ${first.note}`;
    case 'song-select':
      return first.type;
    default:
      return undefined;
  }
}
