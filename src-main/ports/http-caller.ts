/** Asks web servers. */
export interface HttpCaller {
  /** Waits a bounded time for a bounded answer, which may have any status.
   *  @throws UnavailableError 'no-answer', as a rejection, when there is no whole answer: `details.why` is an `HttpFailure`, and
   *  its cause what Node reports */
  call(request: HttpCall): Promise<HttpAnswer>;
  /** Ends what is under way, and lets go of connections that wait for more. Calls after that are rejected. */
  close(): void;
}

/** network: nobody was reached, or the connection broke. redirect: it is to be found elsewhere, and nobody follows. */
export type HttpFailure = 'timeout' | 'too-long' | 'redirect' | 'compressed' | 'closed' | 'network';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** names in lower case */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless `headers` say what else it is */
  readonly body?: string | Uint8Array;
  /** for the whole answer; without it what all calls of this caller have */
  readonly timeoutMs?: number;
  /** The status is what counts: a body that is too long, too slow or breaks off is given as none. */
  readonly isStatusEnough?: boolean;
  /** So many redirects of a GET are followed at the most, and only to the same host, never from https to http; 0 without. */
  readonly redirectsMax?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** as whole seconds; undefined where the server does not say */
  readonly retryAfter: number | undefined;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
