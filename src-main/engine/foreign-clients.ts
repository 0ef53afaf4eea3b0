import { AppError, UnavailableError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { createClaspClient } from '../core/client/clasp-client.ts';
import { micros } from '../contract/units.ts';
import type { ClaspClient, ParamAnswer } from '../core/client/client-api.ts';
import type { ClientState } from '../core/client/connector.ts';
import type { Clock } from '../ports/clock.ts';
import type { AdmitForeign, ForeignClient, ForeignPeer, StandingParam } from '../ports/gateway.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Connection } from '../ports/transport.ts';
import { MemoryConnection } from '../transports/memory/memory-connection.ts';
import type { SentRates } from './sent-rates.ts';

interface Around {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** told of what they are sent */
  readonly sentRates?: SentRates;
}

/** Foreign clients are CLASP clients in this process: the router sees sessions like all others, and there is one place that
 *  decides what a session may do.
 *  @param accept hands the router's end of a connection to the router */
export function createAdmit(accept: (connection: Connection) => void, around: Around): AdmitForeign {
  return async (peer) => {
    const client = clientOf(peer, accept, around);
    await new Promise<void>((resolve, reject) => {
      const stop = client.onState((state) => {
        if (state.phase === 'connecting' || state.phase === 'greeting' || state.phase === 'idle') return;
        stop();
        if (state.phase === 'open') return resolve();
        client.close();
        reject(faultIn(state));
      });
      client.connect();
    });
    return foreignClient(client, around.sentRates);
  };
}

function clientOf(
  { from, name, token }: ForeignPeer,
  accept: (connection: Connection) => void,
  around: Around,
): ClaspClient {
  let isDialled = false;
  const dial = (): Promise<Connection> => {
    // Whom the router sends away does not come back by itself: the foreign client has to.
    if (isDialled) return Promise.reject(new UnavailableError('link-closed', 'The session is over.'));
    isDialled = true;
    const [near, far] = MemoryConnection.pair(from, { peer: from });
    accept(far);
    return Promise.resolve(near);
  };
  return createClaspClient({ ...around, dial, name, ...(token !== undefined && { token }) });
}

function foreignClient(client: ClaspClient, sentRates: SentRates | undefined): ForeignClient {
  let pending: Promise<unknown> = Promise.resolve();
  return {
    publish: async (signal, expectedRevision) => {
      const done =
        signal.kind === 'param' && expectedRevision !== undefined
          ? client.set(signal.address, signal.value, { expectedRevision })
          : client.publish(signal, signal.kind === 'stream' ? {} : { qos: 'confirm' });
      // Without the outcomes, which would hold those of all before them.
      pending = Promise.allSettled([pending, done]).then(() => undefined);
      return (await done).revision;
    },
    subscribe: (pattern, run) =>
      new Promise<Cancel>((resolve, reject) => {
        const cancel = client.subscribe(
          pattern,
          ({ signal, isSnapshot, revision }) => {
            sentRates?.sent([signal]);
            run(signal, isSnapshot, revision);
          },
          {
            onGiven: () => resolve(cancel),
            onRefused: (error) => {
              cancel();
              reject(error);
            },
          },
        );
      }),
    get: async (address) => {
      const answer = await client.get(address);
      return answer && standing(answer);
    },
    onEnded: (run) => {
      const stop = client.onState((state) => {
        if (state.phase !== 'waiting' && state.phase !== 'refused') return;
        stop();
        client.close();
        run(state.reason);
      });
    },
    close: (reason) => void pending.then(() => client.close(reason)),
  };
}

function standing({ value, revision, writer, timestamp }: ParamAnswer): StandingParam {
  const setAt = timestamp === undefined ? undefined : micros(Number(timestamp));
  return { value, revision, ...(writer !== undefined && { writer }), ...(setAt !== undefined && { setAt }) };
}

function faultIn(state: ClientState): AppError {
  if (state.phase === 'refused') return state.error;
  return new UnavailableError('link-closed', 'reason' in state ? `${state.reason}.` : 'The router is not there.');
}
