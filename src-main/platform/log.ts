import process from 'node:process';
import pino from 'pino';
import type { Log, LogFields } from '../ports/log.ts';

export const logLevels = ['error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Bytes that may wait for a reader of stderr that stands still; lines beyond them are left out. */
export const stderrBacklogMax = 1024 * 1024;

/** JSON lines on stderr, written before the call returns while the reader keeps up, so that the last words before a crash
 *  are there. A reader that stands still or goes away holds nothing up: a blocking write would stop every lamp. */
export function createLog(level: LogLevel): Log {
  const { stderr } = process;
  stderr.on('error', () => undefined);
  const write = (line: string): void => {
    if (stderr.writableLength <= stderrBacklogMax) stderr.write(line);
  };
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write }));
}

function wrap(logger: pino.Logger): Log {
  return {
    error: (message, fields) => {
      logger.error(fields ?? {}, message);
    },
    warn: (message, fields) => {
      logger.warn(fields ?? {}, message);
    },
    info: (message, fields) => {
      logger.info(fields ?? {}, message);
    },
    debug: (message, fields) => {
      logger.debug(fields ?? {}, message);
    },
    child: (fields: LogFields) => wrap(logger.child(fields)),
  };
}
