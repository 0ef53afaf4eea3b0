import type { DeviceState, DeviceStatus } from '../../src-main/contract/device.ts';
import { formatSpan } from '../../src-main/contract/format-span.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { deviceLook } from '../engine/device-shape.ts';
import { kindWord, plannedUrl } from './kinds/kinds.ts';

/** One line of the device list, ready to be shown. */
export interface DeviceRow {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly kindWord: string;
  readonly enabled: boolean;
  readonly url: string;
  readonly state: DeviceState;
  /** something came or went within the last second: the disc may be green */
  readonly flowing: boolean;
  readonly stateWord: string;
  readonly reason: string;
  /** `Retrying in 3 s`, empty when no try is waiting */
  readonly retry: string;
  readonly seen: string;
  /** undefined when it is not known */
  readonly inPerSecond: number | undefined;
  readonly outPerSecond: number | undefined;
  readonly refusedTotal: number;
}

export type DeviceTab = 'all' | 'trouble' | 'off';

/** The bridges of the show in its order, each with how it stands.
 *  @param now the engine's time, for ages and countdowns */
export function deviceRows(bridges: readonly Bridge[], statuses: readonly DeviceStatus[], now: Millis): DeviceRow[] {
  const byId = new Map(statuses.map((status) => [status.bridgeId, status]));
  return bridges.map((bridge) => deviceRow(bridge, byId.get(bridge.id), now));
}

/** The row while there is no engine to ask: what it was remains, what moves is not known. */
export function lastKnown(row: DeviceRow): DeviceRow {
  const reason = row.state === 'off' ? row.reason : `when last heard: ${row.reason}`;
  return { ...row, reason, flowing: false, retry: '', seen: '–', inPerSecond: undefined, outPerSecond: undefined };
}

export function inTab(row: Pick<DeviceRow, 'state'>, tab: DeviceTab): boolean {
  switch (tab) {
    case 'all':
      return true;
    case 'trouble':
      return row.state === 'late' || row.state === 'trouble' || row.state === 'broken';
    case 'off':
      return row.state === 'off';
    default:
      return tab satisfies never;
  }
}

function deviceRow(bridge: Bridge, status: DeviceStatus | undefined, now: Millis): DeviceRow {
  // A bridge that was just switched has no status of its own yet: what the show says comes first.
  const state = bridge.enabled ? (status?.state === 'off' ? 'connecting' : (status?.state ?? 'connecting')) : 'off';
  const live = state === 'off' ? undefined : status;
  return {
    id: bridge.id,
    number: bridge.number,
    name: bridge.name,
    kindWord: kindWord(bridge.kind),
    enabled: bridge.enabled,
    url: status?.url || plannedUrl(bridge),
    state,
    flowing: state === 'connected' && (live?.inPerSecond ?? 0) + (live?.outPerSecond ?? 0) > 0,
    stateWord: deviceLook(state).word,
    reason: state === 'off' ? 'switched off' : (live?.reason ?? 'starting'),
    retry: retryWords(live?.retryAt ?? null, now),
    seen: state === 'off' ? '–' : seenWords(status?.seenAt ?? null, now),
    inPerSecond: live?.inPerSecond ?? 0,
    outPerSecond: live?.outPerSecond ?? 0,
    refusedTotal: live?.refusedTotal ?? 0,
  };
}

function seenWords(seenAt: Millis | null, now: Millis): string {
  if (seenAt === null) return 'never';
  return now - seenAt < 1500 ? 'now' : formatSpan((now - seenAt) as Millis);
}

function retryWords(retryAt: Millis | null, now: Millis): string {
  if (retryAt === null) return '';
  const seconds = Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? `Retrying in ${seconds} s` : 'Retrying now';
}
