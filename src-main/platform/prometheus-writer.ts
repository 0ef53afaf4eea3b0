import type { MetricFamily, HistogramFamily, MetricsWriter } from '../ports/metrics.ts';

/** Writes figures in the text format of Prometheus, behind those of the process: CPU, memory, lag of the event loop. The
 *  library comes only when somebody wants it. One per process: it watches the event loop from then on. */
export async function openPrometheusWriter(): Promise<MetricsWriter> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = (await import('prom-client')).default;

  /** A histogram that was filled elsewhere: the library asks each metric for its series when it writes. */
  class FilledHistogram extends Histogram {
    readonly #family: HistogramFamily;
    readonly #empty: InstanceType<typeof Histogram>;

    constructor(family: HistogramFamily) {
      const { name, help } = family;
      super({ name, help, registers: [] });
      this.#family = family;
      this.#empty = new Histogram({ name, help, registers: [] });
    }

    async getForPromString(): ReturnType<InstanceType<typeof Histogram>['get']> {
      return { ...(await this.#empty.get()), values: seriesOf(this.#family) };
    }
  }

  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  // Gauges that are called totals, which Prometheus' own check complains of.
  for (const name of misnamed) ofProcess.removeSingleMetric(name);
  return {
    contentType: ofProcess.contentType,
    write: async (families) => {
      const registry = new Registry();
      // Of one without samples the library would make a sample of 0 without labels.
      for (const family of families) if (family.samples.length > 0) registry.registerMetric(metricOf(family));
      return `${await ofProcess.metrics()}\n${await registry.metrics()}`;
    },
  };

  function metricOf(family: MetricFamily): InstanceType<typeof Counter | typeof Gauge | typeof Histogram> {
    if (family.kind === 'histogram') return new FilledHistogram(family);
    const { name, help, kind, samples } = family;
    const labelNames = Object.keys(samples[0]?.labels ?? {});
    const metric = new (kind === 'counter' ? Counter : Gauge)({ name, help, labelNames, registers: [] });
    for (const { labels, value } of samples) metric.inc(labels, value);
    return metric;
  }
}

const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

interface Series {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

function seriesOf({ name, samples }: HistogramFamily): Series[] {
  return samples.flatMap(({ labels, histogram: { bounds, counts, sum, count } }) => {
    let under = 0;
    const buckets = counts.map((inBucket, index): Series => {
      under += inBucket;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: under };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { ...labels }, value: sum },
      { metricName: `${name}_count`, labels: { ...labels }, value: count },
    ];
  });
}
