import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeSchema, emptyShow, type Bridge, type ShowDocument } from '../../src-main/contract/show.ts';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { sampleMapping } from '../show-samples.ts';

/** An sACN output that sends universe 1 to one port of this machine. */
export function sacnOutput(port: number): Bridge {
  return bridgeSchema.parse({
    id: 'lights',
    number: 1,
    name: 'Lights',
    enabled: true,
    kind: 'sacn',
    settings: {
      universes: [{ first: 1, last: 1, priority: 100 }],
      mode: 'unicast',
      unicastTo: ['127.0.0.1'],
      port,
      networkCard: '',
      sourceName: 'Flyrail',
      cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab',
      floats: 'unit',
      prefix: '/sacn',
    },
  });
}

/** `/desk/fader/1` to slot 1 of universe 1. */
export function fadingShow(sacnPort: number): ShowDocument {
  return { ...emptyShow('gala', 'Gala'), bridges: [sacnOutput(sacnPort)], mappings: [sampleMapping(1)] };
}

/** @returns the path */
export function writeShow(folder: string, document: ShowDocument, name = 'gala.flyrail'): string {
  const path = join(folder, name);
  writeFileSync(path, formatShowFile(document));
  return path;
}
