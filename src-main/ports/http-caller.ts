/** Asks a web server. */
export interface HttpCaller {
  /** Follows no redirect, and waits a bounded time for a bounded answer.
   *  @throws UnavailableError 'no-answer', as a rejection, when there is no whole answer */
  call(request: HttpCall): Promise<HttpAnswer>;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  /** names in lower case */
  readonly headers?: Readonly<Record<string, string>>;
  /** sent as JSON */
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** as whole seconds; undefined where the server does not say */
  readonly retryAfter: number | undefined;
  readonly body: string;
}
