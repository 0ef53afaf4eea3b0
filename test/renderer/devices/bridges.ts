import type { DeviceStatus } from '../../../src-main/contract/device.ts';
import { sacnBridgeSchema } from '../../../src-main/contract/bridges/sacn.ts';
import type { OscBridge, SacnBridge } from '../../../src-main/contract/show.ts';

/** An OSC bridge as the form would make it. */
export function oscBridge(
  more: Partial<Omit<OscBridge, 'settings'>> & { settings?: Partial<OscBridge['settings']> } = {},
): OscBridge {
  const { settings, ...rest } = more;
  return {
    id: 'osc-id',
    number: 1,
    name: 'foh-desk',
    enabled: true,
    onReturn: 'resend',
    kind: 'osc',
    ...rest,
    settings: {
      direction: 'both',
      listenHost: '0.0.0.0',
      listenPort: 8000,
      remoteHost: '127.0.0.1',
      remotePort: 9000,
      prefix: '/osc',
      ...settings,
    },
  };
}

/** An sACN bridge as the form would make it. */
export function sacnBridge(
  more: Partial<Omit<SacnBridge, 'settings'>> & { settings?: Partial<SacnBridge['settings']> } = {},
): SacnBridge {
  const { settings, ...rest } = more;
  const universes = [{ first: 1, last: 4, priority: 100 }];
  const given = { universes, cid: '5b3f0d0e-6f0a-4c8e-9a35-0d4c3b1f2a10', ...settings };
  const bridge = sacnBridgeSchema.parse({ id: 'sacn-id', number: 2, name: 'node-a', kind: 'sacn', settings: given });
  return { ...bridge, ...rest };
}

export function deviceStatus(more: Partial<DeviceStatus> & Pick<DeviceStatus, 'bridgeId'>): DeviceStatus {
  return {
    state: 'connected',
    reason: 'listening on 0.0.0.0:8000',
    url: '0.0.0.0:8000',
    seenAt: null,
    inPerSecond: 0,
    outPerSecond: 0,
    inTotal: 0,
    outTotal: 0,
    refusedTotal: 0,
    retryAt: null,
    ...more,
  };
}
