import { ProtocolError } from '../../contract/errors.ts';
import { text, type MapEntry, type Value } from '../../contract/signal.ts';

/** What two peers tell each other through the router. @see CLASP-WIRE §15 */
export type PeerSignal = { readonly correlationId: string } & (
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly type: 'ice_candidate'; readonly candidate: string }
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected'; readonly reason?: string | undefined }
);

const correlationMax = 128;

/** @throws ProtocolError 'bad-message', which says what was expected */
export function parseSignal(value: Value): PeerSignal {
  const entries: readonly MapEntry[] = value.type === 'map' ? value.value : [];
  const word = (key: string): string | undefined => {
    const found = entries.find(([name]) => name === key)?.[1];
    return found?.type === 'string' ? found.value : undefined;
  };
  const correlationId = word('correlation_id');
  if (correlationId === undefined || correlationId.length > correlationMax)
    throw new ProtocolError('bad-message', `Expected correlation_id, of ${correlationMax} characters at most.`);
  const type = word('type');
  const [sdp, candidate] = [word('sdp'), word('candidate')];
  if ((type === 'offer' || type === 'answer') && sdp !== undefined) return { type, correlationId, sdp };
  if (type === 'ice_candidate' && candidate !== undefined) return { type, correlationId, candidate };
  if (type === 'connected') return { type, correlationId };
  if (type === 'disconnected') return { type, correlationId, reason: word('reason') };
  throw new ProtocolError(
    'bad-message',
    'Expected type offer or answer with sdp, ice_candidate with candidate, connected or disconnected.',
  );
}

/** @param from the id of who sends it */
export function formatSignal({ type, correlationId, ...rest }: PeerSignal, from: string): Value {
  const entries: MapEntry[] = [
    ['type', text(type)],
    ['from', text(from)],
    ['correlation_id', text(correlationId)],
  ];
  for (const [key, value] of Object.entries(rest)) if (typeof value === 'string') entries.push([key, text(value)]);
  return { type: 'map', value: entries };
}

/** As browsers write a candidate. */
export function formatCandidate(candidate: string, sdpMid: string): string {
  return JSON.stringify({ candidate, sdpMid, sdpMLineIndex: 0 });
}
