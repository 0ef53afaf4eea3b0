/** Bytes of one label of DNS. [RFC 1035 2.3.4] */
const labelBytesMax = 63;
const segmenter = new Intl.Segmenter();
const encoder = new TextEncoder();

/** What people read in their lists. Dots would be ends of labels to the DNS library, so they become dashes.
 *  @returns at most 63 bytes of UTF-8, cut between characters, never empty */
export function fitInstanceName(name: string, ending = ''): string {
  const roomBytes = labelBytesMax - encoder.encode(ending).length;
  let fitting = '';
  let sizeBytes = 0;
  for (const { segment } of segmenter.segment(name.replaceAll('.', '-').replace(/\p{Cc}/gu, ' '))) {
    sizeBytes += encoder.encode(segment).length;
    if (sizeBytes > roomBytes) break;
    fitting += segment;
  }
  return `${fitting.trim() || 'Flyrail'}${ending}`;
}

/** `Desk`, `Desk (2)`, `Desk (3)` … [RFC 6763 D] */
export function nextName(name: string): string {
  const [, stem = name, count = '1'] = /^(.*) \((\d{1,6})\)$/.exec(name) ?? [];
  return fitInstanceName(stem, ` (${Number(count) + 1})`);
}

/** A name of DNS that no other machine is likely to have, since a name of the machine's own would take part in the system's
 *  quarrels about it.
 *  @param machine as people call it
 *  @param chance 0 ≤ x < 1 */
export function hostLabel(machine: string, chance: number): string {
  const label = machine
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const mark = Math.floor(chance * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return ['flyrail', label, mark].filter(Boolean).join('-');
}
