/** UTF-8 bytes of a topic or a filter. [MQTT 3.1.1, 4.7.3] */
export const topicBytesMax = 65_535;

const encoder = new TextEncoder();
const sharePrefix = /^\$share\/([^/+#]+)\//;

/** What is wrong with a topic that something is published to, as a clause; undefined for a sound one.
 *  [MQTT 3.1.1, 4.7.1, 4.7.3] */
export function topicFault(topic: string): string | undefined {
  if (/[+#]/.test(topic)) return 'a topic to publish to holds no + and no #';
  return textFault(topic);
}

/** What is wrong with a filter, such as `a/+/#` or `$share/desk/a/#`, as a clause; undefined for a sound one. */
export function filterFault(filter: string): string | undefined {
  const own = filter.replace(sharePrefix, '');
  if (own.startsWith('$share/')) return 'a shared subscription is $share/group/filter';
  const levels = own.split('/');
  if (levels.some((level) => level.includes('+') && level !== '+')) return 'a + stands alone between slashes';
  if (levels.some((level, i) => level.includes('#') && (level !== '#' || i < levels.length - 1)))
    return 'a # stands alone at the end';
  return textFault(own);
}

export function isShared(filter: string): boolean {
  return sharePrefix.test(filter);
}

/** How many `+` and `#` a filter has. */
export function wildcardsOf(filter: string): number {
  return filter
    .replace(sharePrefix, '')
    .split('/')
    .filter((level) => level === '+' || level === '#').length;
}

/** Reads a filter once, for many topics: what each wildcard stood for, `+` its level and `#` its levels joined by slashes;
 *  undefined where it does not cover the topic. Topics of the broker's own, `$SYS/…`, are covered by no wildcard at their
 *  beginning. [MQTT 3.1.1, 4.7.2] */
export function topicMatcher(filter: string): (topic: string) => string[] | undefined {
  const levels = filter.replace(sharePrefix, '').split('/');
  const startsWild = levels[0] === '+' || levels[0] === '#';
  return (topic) => (startsWild && topic.startsWith('$') ? undefined : capture(levels, topic.split('/')));
}

function capture(filter: readonly string[], topic: readonly string[]): string[] | undefined {
  const found: string[] = [];
  for (const [i, level] of filter.entries()) {
    if (level === '#') {
      // `a/#` covers `a` itself too.
      found.push(topic.slice(i).join('/'));
      return found;
    }
    const here = topic[i];
    if (here === undefined || (level !== '+' && level !== here)) return undefined;
    if (level === '+') found.push(here);
  }
  return filter.length === topic.length ? found : undefined;
}

function textFault(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (text.includes('\0')) return 'it holds a NUL character';
  return text.length * 3 > topicBytesMax && encoder.encode(text).length > topicBytesMax
    ? `it is longer than ${topicBytesMax} bytes`
    : undefined;
}
