import { UnavailableError } from '../contract/errors.ts';
import { openPrometheusWriter } from '../platform/prometheus-writer.ts';
import { createMetricFamilies, type MetricSources } from './metric-families.ts';
import type { Doors } from './open-doors.ts';
import type { MetricsText } from './page-requests.ts';

interface MetricsNeeds extends Pick<MetricSources, 'bridges' | 'devices' | 'refused' | 'discovery'> {
  readonly doors: Pick<Doors, 'router' | 'journal' | 'clasp' | 'rendezvous'>;
}

/** What `GET /metrics` answers. */
export interface MetricsPage {
  /** @throws UnavailableError 'peer-failed', as a rejection, until it is opened */
  readonly read: () => Promise<MetricsText>;
  /** Measures from now on, if that is wanted. */
  open(wanted: { readonly metrics: boolean; readonly version: string }, needs: MetricsNeeds): Promise<void>;
}

/** The port opens before there is anything to measure. */
export function createMetricsPage(): MetricsPage {
  let read: MetricsPage['read'] = () =>
    Promise.reject(new UnavailableError('peer-failed', 'Flyrail starts, ask again.'));
  return {
    read: () => read(),
    open: async ({ metrics, version }, { doors: { router, journal, clasp, rendezvous }, ...sources }) => {
      if (!metrics) return;
      const writer = await openPrometheusWriter();
      const meter = router.measure();
      const families = createMetricFamilies({
        ...sources,
        version,
        router,
        meter,
        journalLost: () => journal.lostTotal,
        doors: () => clasp.figures(),
        rendezvous,
      });
      read = async () => ({ contentType: writer.contentType, text: await writer.write(families()) });
    },
  };
}
