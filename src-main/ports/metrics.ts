/** Figures under one name, as they stand. Names and units as Prometheus has them: totals end in `_total`, times are
 *  seconds. */
export type MetricFamily = PlainFamily | HistogramFamily;

export interface PlainFamily {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly samples: readonly { readonly labels: MetricLabels; readonly value: number }[];
}

export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly kind: 'histogram';
  readonly samples: readonly { readonly labels: MetricLabels; readonly histogram: MetricHistogram }[];
}

export interface MetricHistogram {
  /** upper bounds, rising */
  readonly bounds: readonly number[];
  /** under each bound, what is under lower ones not included; one more for what is above all */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export type MetricLabels = Readonly<Record<string, string>>;

/** Writes figures as monitoring systems read them, with those of the process. */
export interface MetricsWriter {
  readonly contentType: string;
  write(families: readonly MetricFamily[]): Promise<string>;
}
