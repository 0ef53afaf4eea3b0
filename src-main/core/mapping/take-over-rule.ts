import type { Address } from '../../contract/address.ts';
import type { Outgoing } from './map-signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { ParamShelf } from '../router/router.ts';
import type { TargetOwners } from './target-owners.ts';

export interface TakeOverRuleOptions {
  readonly params: Pick<ParamShelf, 'get'>;
  /** as what mappings stand as the writer of params */
  readonly name: string;
  readonly owners: TargetOwners;
  /** whether this mapping runs and may send there */
  readonly leadsTo: (mappingId: string, target: Address) => boolean;
}

export interface TakingOver {
  readonly mappingId: string;
  /** when somebody moved what this comes of */
  readonly movedAt: Micros;
  /** what would be sent, and where */
  readonly to: Outgoing;
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
export function createTakeOverRule({ params, name, owners, leadsTo }: TakeOverRuleOptions) {
  return ({ mappingId, movedAt, to: { kind, address }, isFirst }: TakingOver): boolean => {
    if (kind !== 'param' && kind !== 'stream') return false;
    const holder = holderOf(address);
    if (!holder || holder.movedAt < movedAt) return true;
    if (holder.isOther) return false;
    const isSame = holder.movedAt === movedAt;
    if (isFirst) {
      if (isSame) owners.set(address, { mappingId, movedAt, isKept: kind === 'param' });
      return false;
    }
    // After a start nobody may know who set it: only that it was moved later.
    if (holder.mappingId === undefined) return isSame;
    return !leadsTo(holder.mappingId, address) || (isSame && holder.mappingId === mappingId);
  };

  function holderOf(target: Address): Holder | undefined {
    const sent = owners.of(target);
    const record = params.get(target);
    // A param of somebody else stands where a mapping's own stood, so it came later, whatever the clock said.
    const isReplaced = record?.writer !== name && sent?.mappingId !== undefined && sent.isKept;
    if (record && (!sent || record.movedAt > sent.movedAt || isReplaced))
      return { movedAt: record.movedAt, isOther: record.writer !== name, mappingId: undefined };
    return sent && { ...sent, isOther: sent.mappingId === undefined };
  }
}
