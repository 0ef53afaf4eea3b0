/** One thing that somebody did or was refused. Never a token, a PIN or another secret. */
export interface AuditEntry {
  readonly what:
    | 'started'
    | 'stopped'
    | 'session-opened'
    | 'session-renewed'
    | 'session-closed'
    | 'session-refused'
    | 'login'
    | 'login-refused'
    | 'show-edited'
    | 'show-opened';
  /** what else there is to say, flat */
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Keeps what was done for who wants to know afterwards. */
export interface AuditLog {
  /** In the order of the calls; never throws and never waits. What cannot be kept is counted and told with the next entry that
   *  can. */
  note(entry: AuditEntry): void;
  /** Settles when all that was noted is kept, or cannot be. */
  close(): Promise<void>;
}
