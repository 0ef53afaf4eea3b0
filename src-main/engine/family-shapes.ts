import type { HistogramReading } from '../core/metrics/histogram.ts';
import type { MetricHistogram, PlainFamily } from '../ports/metrics.ts';

export function counter(name: string, help: string, samples: PlainFamily['samples']): PlainFamily {
  return { name, help, kind: 'counter', samples };
}

export function gauge(name: string, help: string, samples: PlainFamily['samples']): PlainFamily {
  return { name, help, kind: 'gauge', samples };
}

/** The one figure of a family without labels. */
export function plain(value: number): PlainFamily['samples'] {
  return [{ labels: {}, value }];
}

/** A figure for each value of one label. */
export function labelled(label: string, values: Readonly<Record<string, number>>): PlainFamily['samples'] {
  return Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
}

/** @param reading in microseconds */
export function inSeconds({ bounds, counts, sum, count }: HistogramReading): MetricHistogram {
  return { bounds: bounds.map((bound) => bound / 1e6), counts, sum: sum / 1e6, count };
}
