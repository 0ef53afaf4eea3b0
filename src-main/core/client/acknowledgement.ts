import { isLockDenied } from '../protocol/lock-answers.ts';
import { messageType, type AckMessage } from '../protocol/messages.ts';
import type { Answer } from './outgoing.ts';

/** How a request went. */
export interface Acknowledgement {
  /** false: it was fired, or the router acknowledges nothing of this kind (PUBLISH, where it knows no request ids): it was
   *  sent, or left out, and that is all there is to know */
  readonly acknowledged: boolean;
  /** of the param; of the last one in a bundle */
  readonly revision?: bigint;
  /** answers `lock` and `unlock`: whether the lock is ours now */
  readonly locked?: boolean;
  /** our session id, where it is */
  readonly holder?: string;
}

export const fired: Acknowledgement = { acknowledged: false };

/** @returns undefined when it is no answer to a request of this kind, or says that nothing was done */
export function acknowledgementOf(answer: Answer): { readonly value: Acknowledgement } | undefined {
  if (answer === 'sent') return { value: fired };
  if (!('type' in answer) || answer.type !== messageType.ack || isLockDenied(answer)) return undefined;
  return { value: contentOf(answer) };
}

function contentOf({ revision, locked, holder }: AckMessage): Acknowledgement {
  return {
    acknowledged: true,
    ...(revision !== undefined && { revision }),
    ...(locked !== undefined && { locked }),
    ...(holder !== undefined && { holder }),
  };
}
