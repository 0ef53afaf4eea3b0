import { tryPattern, type Pattern } from '../../contract/address.ts';
import { segmentOfLevel } from '../../core/realtime/topic-levels.ts';

/** The pattern of addresses that a filter of topics stands for: `a/+/#` is `/a/*` + `/**`.
 *  @param prefix where topics begin in the router; may be empty
 *  @returns undefined where no address can be that long */
export function patternOfFilter(prefix: string, filter: string): Pattern | undefined {
  const levels = filter.split('/');
  const segments = levels.map((level, i) => {
    if (level === '+') return '*';
    return level === '#' ? '**' : segmentOfLevel(level, i === levels.length - 1);
  });
  return tryPattern(`${prefix}/${segments.join('/')}`);
}
