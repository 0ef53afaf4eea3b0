import type { Pattern } from '../../contract/address.ts';
import { messageType, type ResultMessage } from '../protocol/messages.ts';
import type { Asker } from './asker.ts';
import type { Answer } from './outgoing.ts';
import type { Sender } from './sender.ts';

export type QueriedSignal = ResultMessage['signals'][number];

/** Asks what there is. RESULT may take several frames and nothing in them tells the last; but routers answer in order, so a
 *  second QUERY that finds nothing marks the end of the first. Where frames get lost, some of it may be missing.
 *  @throws AppError as `Asker.ask` */
export function query(asker: Asker, sender: Sender, pattern: Pattern): Promise<readonly QueriedSignal[]> {
  const found = new Map<string, QueriedSignal>();
  let frames = 0;
  const asked = asker.start({ type: messageType.query, pattern }, 'fire', (answer) => {
    const signals = signalsIn(answer);
    if (!signals) return undefined;
    for (const signal of signals) found.set(signal.address, signal);
    // A router without ids gives both QUERYs' answers to the first: the one for the second is empty, and not the first.
    const isEnd = !sender.line?.knowsIds && signals.length === 0 && frames > 0;
    frames++;
    if (isEnd) sender.requests.end(mark.request);
    return isEnd ? { value: [...found.values()] } : undefined;
  });
  const mark = asker.start(
    { type: messageType.query, pattern: `/clasp/none/${asked.request.id}` },
    'fire',
    (answer) => {
      return signalsIn(answer) && { value: undefined };
    },
  );
  const end = mark.answer.then(() => {
    sender.requests.end(asked.request);
    return [...found.values()];
  });
  return Promise.race([asked.answer, end]);
}

function signalsIn(answer: Answer): readonly QueriedSignal[] | undefined {
  if (answer === 'sent' || !('type' in answer) || answer.type !== messageType.result) return undefined;
  return answer.signals;
}
