/** Fixed messages, data in fields with units in their names.
 *  error: an operator must act. warn: degraded but handled. info: lifecycle. debug: per message, off by default. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Adds these fields to every line. */
  child(fields: LogFields): Log;
}
export type LogFields = Readonly<Record<string, unknown>>;
