import { UnavailableError } from '../../contract/errors.ts';
import { millis } from '../../contract/units.ts';
import type { ClaspClient } from '../../core/client/client-api.ts';
import type { ClientState } from '../../core/client/connector.ts';
import type { Clock } from '../../ports/clock.ts';
import { reasonWords } from './dial-reason.ts';

/** How long a link waits for what was there, from a router that does not say when that is all. */
export const givenWithin = millis(2000);
/** A router that is gone for longer counts as a fault of the link; until then its client dials and keeps what waits. */
export const lostFor = millis(30_000);

/** Connects a client for the first time.
 *  @param given settle when the router has given what was there
 *  @throws UnavailableError 'link-closed'; the router's refusal */
export async function firstSession(
  client: ClaspClient,
  { clock, given }: { readonly clock: Clock; readonly given: readonly Promise<void>[] },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let isReached = false;
    const stop = client.onState((state) => {
      isReached ||= state.phase === 'greeting';
      if (state.phase === 'connecting' || state.phase === 'greeting' || state.phase === 'idle') return;
      stop();
      if (state.phase === 'open') resolve();
      else reject(faultIn(state, isReached));
    });
    client.connect();
  });
  // A session that ends meanwhile is begun anew, and then gives everything.
  await new Promise<void>((resolve) => {
    const stopState = client.onState(({ phase }) => {
      if (phase === 'closed' || phase === 'refused') finish();
    });
    const cancel = clock.after(givenWithin, () => finish());
    const finish = (): void => {
      cancel();
      stopState();
      resolve();
    };
    void Promise.all(given).then(finish);
  });
}

/** @param isReached somebody was there, who need not be a router */
function faultIn(state: Exclude<ClientState, { phase: 'open' }>, isReached: boolean): Error {
  if (state.phase === 'refused') return state.error;
  const reason = 'reason' in state ? reasonWords(state.reason) : 'it ended';
  const place = isReached ? 'Not linked, since what answers there does not let Flyrail in' : 'Not linked';
  return new UnavailableError('link-closed', `${place}: ${reason}.`);
}
