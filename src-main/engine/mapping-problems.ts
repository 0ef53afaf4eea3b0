import { tryAddress, type Address } from '../contract/address.ts';
import type { DeviceStatus } from '../contract/device.ts';
import type { MappingProblem } from '../contract/engine-api.ts';
import { bridgeSchema, type Bridge, type Mapping, type ShowDocument } from '../contract/show.ts';
import { bridgeFor, slotFault } from './bridge-of-address.ts';

/** First segments that always mean a bridge: `/osc/…` that no bridge sends goes nowhere. */
const kindPrefixes = bridgeSchema.options.map((option) => `/${option.shape.kind.value}`);

export interface DevicesNow {
  readonly statuses: readonly DeviceStatus[];
  /** which mapping was the last to send to an address */
  readonly senderTo: (address: Address) => string | undefined;
}

/** Why a mapping that is switched on reaches nobody: no bridge there, or one that is off, listens only, is broken, or
 *  refuses what this mapping has sent. Other addresses are fine without a bridge, since CLASP clients subscribe to them.
 *  @param running what the mapping engine refused; one mapping has at most one problem, that one first */
export function mappingProblems(
  { mappings, bridges }: Pick<ShowDocument, 'mappings' | 'bridges'>,
  running: readonly MappingProblem[],
  { statuses, senderTo }: DevicesNow,
): MappingProblem[] {
  const known = new Set(running.map(({ mappingId }) => mappingId));
  const problems = [...running];
  const refused = refusedMappings(bridges, { statuses, senderTo });
  for (const mapping of mappings) {
    if (!mapping.enabled || known.has(mapping.id)) continue;
    const problem = deviceProblem(mapping, bridges, statuses) ?? refused.get(mapping.id);
    if (problem) problems.push({ mappingId: mapping.id, ...problem });
  }
  return problems;
}

type Fault = Pick<MappingProblem, 'code' | 'reason'>;

function deviceProblem(
  mapping: Mapping,
  bridges: readonly Bridge[],
  statuses: readonly DeviceStatus[],
): Fault | undefined {
  const { address } = mapping.target;
  const bridge = bridgeFor(bridges, address);
  if (!bridge) {
    const wants = kindPrefixes.some((prefix) => address === prefix || address.startsWith(`${prefix}/`));
    return wants ? { code: 'no-device', reason: `no bridge sends ${address}` } : undefined;
  }
  if (!bridge.enabled) return { code: 'no-device', reason: `${bridge.name} is switched off` };
  if (bridge.kind === 'osc' && bridge.settings.direction === 'in') {
    return { code: 'no-device', reason: `${bridge.name} only listens` };
  }
  const fault = slotFault(bridge, address);
  if (fault) return { code: 'no-device', reason: fault };
  const status = statuses.find(({ bridgeId }) => bridgeId === bridge.id);
  return status?.state === 'broken' ? { code: 'device-broken', reason: `${bridge.name}: ${status.reason}` } : undefined;
}

function refusedMappings(bridges: readonly Bridge[], { statuses, senderTo }: DevicesNow): ReadonlyMap<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const { bridgeId, refused } of statuses) {
    const bridge = bridges.find(({ id }) => id === bridgeId);
    const address = refused && tryAddress(refused.address);
    const sender = address && senderTo(address);
    if (!bridge || !refused || sender === undefined) continue;
    faults.set(sender, { code: 'device-refuses', reason: `${bridge.name} refuses it: ${refused.why}` });
  }
  return faults;
}
