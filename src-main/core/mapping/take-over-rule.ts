import type { Address } from '../../contract/address.ts';
import type { Signal } from '../../contract/signal.ts';
import type { ParamRecord } from '../router/param-write.ts';
import type { ParamShelf } from '../router/router.ts';
import type { TargetOwners } from './target-owners.ts';

export interface TakeOverRuleOptions {
  readonly params: Pick<ParamShelf, 'get'>;
  /** as what mappings stand as the writer of params */
  readonly name: string;
  readonly owners: TargetOwners;
  readonly isRunning: (mappingId: string) => boolean;
  /** since Flyrail started: what stands in the params is then what the last run left */
  readonly isFirst: boolean;
}

/** Whether a mapping that looks at a param without anybody having moved it may set its target. The latest takes
 *  precedence: what was set after the source moved stays, unless this mapping, or one that is no longer there, set it.
 *  At a start nobody knows who set a target: it is whoever's source moved last before it. */
export function createTakeOverRule({ params, name, owners, isRunning, isFirst }: TakeOverRuleOptions) {
  const sourceTimes = new Map<Address, bigint>();
  return (mappingId: string, source: ParamRecord, sent: Signal): boolean => {
    const owner = owners.of(sent.address);
    const isFree = owner === undefined || owner === mappingId || !isRunning(owner);
    if (sent.kind !== 'param') return isFree && !isFirst;
    const target = params.get(sent.address);
    if (!target || target.timestamp < source.timestamp) return true;
    if (!isFirst) return isFree && target.writer === name;
    if (target.writer === name && (sourceTimes.get(sent.address) ?? -1n) < source.timestamp) {
      sourceTimes.set(sent.address, source.timestamp);
      owners.set(sent.address, mappingId);
    }
    return false;
  };
}
