import type { Address } from '../../contract/address.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { ParamShelf } from '../router/router.ts';
import type { TargetOwners } from './target-owners.ts';

export interface TakeOverRuleOptions {
  readonly params: Pick<ParamShelf, 'get'>;
  /** as what mappings stand as the writer of params */
  readonly name: string;
  readonly owners: TargetOwners;
  readonly isRunning: (mappingId: string) => boolean;
}

export interface TakingOver {
  readonly mappingId: string;
  /** when somebody moved what this comes of */
  readonly movedAt: Micros;
  readonly sent: Signal;
  /** at a start: what the last run had sent is not sent again */
  readonly isFirst: boolean;
}

interface Holder {
  readonly movedAt: Micros;
  /** a client, a bridge or a hand */
  readonly isOther: boolean;
  /** undefined when it is no mapping, or nobody knows which */
  readonly mappingId: string | undefined;
}

/** Whether a mapping may set its target although nobody has moved anything now. The latest takes precedence, by the time
 *  when somebody moved the source at the root of it: what was moved later stays, unless a mapping set it that is no longer
 *  there. Of the same movement the mapping that set the target may set it again, as an edit wants it. Nothing is fired. */
export function createTakeOverRule({ params, name, owners, isRunning }: TakeOverRuleOptions) {
  return ({ mappingId, movedAt, sent, isFirst }: TakingOver): boolean => {
    if (sent.kind !== 'param' && sent.kind !== 'stream') return false;
    const holder = holderOf(sent.address);
    if (!holder || holder.movedAt < movedAt) return true;
    if (holder.isOther) return false;
    const isSame = holder.movedAt === movedAt;
    if (isFirst) {
      if (isSame) owners.set(sent.address, mappingId, movedAt);
      return false;
    }
    // After a start nobody may know who set it: only that it was moved later.
    if (holder.mappingId === undefined) return isSame;
    return !isRunning(holder.mappingId) || (isSame && holder.mappingId === mappingId);
  };

  function holderOf(target: Address): Holder | undefined {
    const sent = owners.of(target);
    const record = params.get(target);
    if (record && (!sent || record.movedAt > sent.movedAt || (sent.mappingId !== undefined && record.writer !== name)))
      return { movedAt: record.movedAt, isOther: record.writer !== name, mappingId: undefined };
    return sent && { ...sent, isOther: sent.mappingId === undefined };
  }
}
