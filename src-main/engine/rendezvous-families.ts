import type { RendezvousState } from '../core/discovery/rendezvous-client.ts';
import type { RendezvousFigures } from '../gateways/rendezvous/rendezvous-gateway.ts';
import type { MetricFamily } from '../ports/metrics.ts';
import { counter, gauge, labelled, plain } from './family-shapes.ts';

/** What the rendezvous server inside did, and whether this router is known at others. None of what is not there. */
export function rendezvousFamilies(
  figures: RendezvousFigures | undefined,
  registrations: readonly RendezvousState[],
): MetricFamily[] {
  const known = registrations.map(({ url, state }) => ({ labels: { url }, value: state === 'registered' ? 1 : 0 }));
  const registered = 'Whether this router is registered at a rendezvous server.';
  return [
    ...(figures ? serverFamilies(figures) : []),
    ...(known.length > 0 ? [gauge('flyrail_rendezvous_registered', registered, known)] : []),
  ];
}

function serverFamilies({ connections, ...figures }: RendezvousFigures): MetricFamily[] {
  const { entries, signed, sources, ended, calls, refused } = figures;
  return [
    gauge('flyrail_rendezvous_connections', 'Connections open to the rendezvous server.', plain(connections)),
    gauge('flyrail_rendezvous_entries', 'Devices registered here.', [
      { labels: { signed: 'true' }, value: signed },
      { labels: { signed: 'false' }, value: entries - signed },
    ]),
    gauge('flyrail_rendezvous_sources', 'Addresses that have registered devices here.', plain(sources)),
    counter('flyrail_rendezvous_calls_total', 'Calls answered, by what they were.', labelled('call', calls)),
    counter('flyrail_rendezvous_refused_total', 'Calls and connections refused, by why.', labelled('why', refused)),
    counter('flyrail_rendezvous_ended_total', 'Entries that ended, by why.', labelled('why', ended)),
  ];
}
