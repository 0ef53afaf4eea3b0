import type { MetricFamily } from '../ports/metrics.ts';
import type { LanCounts } from './discovery/lan-counts.ts';
import { counter, gauge, labelled, plain } from './family-shapes.ts';

/** What discovery knows and heard. */
export interface DiscoveryFigures extends Pick<LanCounts, 'heard' | 'unread' | 'questions'> {
  /** things known now */
  readonly things: number;
}

export function discoveryFamilies({ things, heard, unread, questions }: DiscoveryFigures): MetricFamily[] {
  return [
    gauge('flyrail_discovery_things', 'Things known on the network.', plain(things)),
    counter('flyrail_discovery_heard_total', 'Times that a thing told of itself, by way.', labelled('way', heard)),
    counter('flyrail_discovery_unread_total', 'Datagrams that could not be read, by way.', labelled('way', unread)),
    counter(
      'flyrail_discovery_questions_total',
      'Datagrams to the port at which routers are asked for, by what became of them.',
      labelled('fate', questions),
    ),
  ];
}
