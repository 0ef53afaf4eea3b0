import { matches, type Address, type Pattern } from '../../../contract/address.ts';
import { nullValue } from '../../../contract/signal.ts';
import { NewestMap } from '../../bounds/newest-map.ts';
import { messageType, type SnapshotParam } from '../../protocol/messages.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import { ChunkedSource } from '../delivery/chunked-source.ts';
import type { FrameSource } from '../delivery/outbox.ts';
import { paramBytesMax, snapshotSizeOf } from './param-write.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';
import type { ValueTable } from './value-table.ts';

interface Expired {
  readonly address: Address;
  /** counts all that expired */
  readonly number: number;
  /** with which its end was told */
  readonly revision: bigint;
}

export interface ExpiredSourceOptions {
  /** what expired later than this number */
  readonly after: number;
  readonly pattern: Pattern;
  /** what is back is no longer gone */
  readonly table: Pick<ValueTable, 'get'>;
  readonly frameBytesMax: number;
  readonly limits: { readonly snapshotParamsMax: number; readonly scanPerTurnMax: number };
}

/** Params whose time is over. Old clients were given them when they connected and heard nothing of their end, since they had
 *  not subscribed yet: with a subscription they are told. */
export class ExpiredParams {
  /** longest ago first */
  readonly #expired: NewestMap<Address, Expired>;
  #last = 0;

  /** @param limits remembered; then those that expired longest ago are forgotten, and who still shows them goes on */
  constructor({ expiredMax }: { readonly expiredMax: number }) {
    this.#expired = new NewestMap(expiredMax);
  }

  /** The number of the one that expired last. */
  get last(): number {
    return this.#last;
  }

  note(address: Address, revision: bigint): void {
    this.#expired.set(address, { address, number: ++this.#last, revision });
  }

  /** SNAPSHOT frames with null for each that is gone, as the wire tells an end. Nothing where there is none. */
  source(options: ExpiredSourceOptions): FrameSource {
    const { table, frameBytesMax, limits } = options;
    const isGone = ({ address }: SnapshotParam): boolean => !table.get(address);
    return new ChunkedSource<SnapshotParam & { readonly address: Address }>({
      items: this.#gone(options),
      sizeOf: (param) => snapshotSizeOf({ ...param, writer: '' }),
      // One that did not fit the frame before may be back by now.
      frameOf: (params) => new SharedFrame({ type: messageType.snapshot, params: params.filter(isGone) }),
      evenIfEmpty: false,
      bytesMax: Math.min(paramBytesMax, frameBytesMax - 7),
      itemsMax: limits.snapshotParamsMax,
      scanPerTurnMax: limits.scanPerTurnMax,
    });
  }

  *#gone({
    after,
    pattern,
    table,
  }: ExpiredSourceOptions): Generator<(SnapshotParam & { readonly address: Address }) | undefined, undefined> {
    for (const { address, number, revision } of this.#expired.values()) {
      const isTold = number > after && matches(pattern, address) && !table.get(address);
      yield isTold ? { address, value: nothing, revision } : undefined;
    }
    return undefined;
  }
}

const nothing = WireValue.of(nullValue);
