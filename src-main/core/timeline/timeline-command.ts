import { bool, f64, text, type MapEntry, type Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { TimelineFields } from './timeline-fields.ts';

/** What can be asked of a timeline that is there. Said twice, each does no more than said once.
 *  play: sets it going, from `position`, else from where it is paused, else from the start; what plays goes on.
 *  pause: holds it and its value; one that waits for its start time holds at the start. resume: what is paused goes on.
 *  stop: back to the start; its address keeps the value. seek: what plays goes on from there, anything else is paused there.
 *  rate: 0.01..100 times as fast, from where it is. loop: on or off from this round on. remove: forgotten. */
export type TimelineCommand =
  | { readonly command: 'play'; readonly position?: Micros; readonly rate?: number; readonly loop?: boolean }
  | { readonly command: 'pause' | 'resume' | 'stop' }
  | { readonly command: 'seek'; readonly position: Micros }
  | { readonly command: 'rate'; readonly rate: number }
  | { readonly command: 'loop'; readonly loop: boolean }
  | { readonly command: 'remove' };
/** What one timeline does by itself; only who keeps several can forget one. */
export type PlayerCommand = Exclude<TimelineCommand, { readonly command: 'remove' }>;

const commands = ['play', 'pause', 'resume', 'stop', 'seek', 'rate', 'loop', 'remove'] as const;

/** The map that carries a command in the value slot of a PUBLISH of kind timeline. */
export function encodeTimelineCommand(command: TimelineCommand): Value {
  const entries: MapEntry[] = [['command', text(command.command)]];
  if ('position' in command) entries.push(['position', f64(command.position)]);
  if ('rate' in command) entries.push(['rate', f64(command.rate)]);
  if ('loop' in command) entries.push(['loop', bool(command.loop)]);
  return { type: 'map', value: entries };
}

/** @param value `{command, position?, rate?, loop?}`; numbers of any numeric type, what the command does not use is ignored
 *  @throws InputError 'bad-timeline' with the place in `details.place`; ranges are checked where the timeline is known */
export function decodeTimelineCommand(value: Value): TimelineCommand {
  const fields = new TimelineFields(value);
  const word = fields.text('command');
  const command = commands.find((known) => known === word);
  switch (command) {
    case 'play': {
      const [position, rate, loop] = [fields.micros('position'), fields.number('rate'), fields.flag('loop')];
      return {
        command,
        ...(position !== undefined && { position }),
        ...(rate !== undefined && { rate }),
        ...(loop !== undefined && { loop }),
      };
    }
    case 'seek':
      return {
        command,
        position: fields.needed('position', fields.micros('position'), 'where to go, in microseconds'),
      };
    case 'rate':
      return { command, rate: fields.needed('rate', fields.number('rate'), 'how many times as fast') };
    case 'loop':
      return { command, loop: fields.needed('loop', fields.flag('loop'), 'true or false') };
    case undefined:
      throw fields.unfit('command', `one of ${commands.join(', ')}`);
    default:
      return { command };
  }
}
