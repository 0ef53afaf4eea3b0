import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from './problem.ts';

/** Requests of one connection that are not answered yet. */
export const openAnswersMax = 64;

export const tooManyAnswers: Problem = {
  ...{ status: 503, code: 'queue-full', retryAfterSeconds: 1 },
  detail: `At most ${openAnswersMax} requests of one connection wait for their answers.`,
};

interface Open {
  readonly response: ServerResponse;
  readonly run: () => void;
}

/** Requests that come one behind the other on a connection, without waiting: each begins when those before it are answered and read,
 *  so that it finds what they did, and answers to nobody take no room. [RFC 9112 9.3.2] */
export class AnswersInTurn {
  readonly #open = new WeakMap<Duplex, Set<Open>>();

  /** @param run begins the answer, at once or later; not where the connection has gone by then. isWithin: no more are waited for than
   *    may be */
  enter(socket: Duplex, response: ServerResponse, run: (isWithin: boolean) => void): void {
    const open = this.#open.get(socket) ?? new Set();
    this.#open.set(socket, open);
    const isWithin = open.size < openAnswersMax;
    const own = { response, run: () => run(isWithin) };
    open.add(own);
    response.once('close', () => {
      const isFirst = first(open) === own;
      open.delete(own);
      const next = isFirst ? first(open) : undefined;
      if (next && !next.response.destroyed) next.run();
    });
    if (open.size === 1) own.run();
  }

  /** Whether answers are on their way there, or about to be, which nothing must come between: not where the one request that waits
   *  is still coming. */
  isAny(socket: Duplex): boolean {
    const open = [...(this.#open.get(socket) ?? [])];
    return open.length > 1 || open.some(({ response }) => response.headersSent || response.req.complete);
  }
}

function first(open: ReadonlySet<Open>): Open | undefined {
  const [own] = open;
  return own;
}
