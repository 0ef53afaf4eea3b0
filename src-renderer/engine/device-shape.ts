import type { DeviceState } from '../../src-main/contract/device.ts';
import type { StatusShapeName } from '../widgets/status-shape-name.ts';

interface DeviceLook {
  readonly shape: StatusShapeName;
  readonly word: string;
}

const looks = {
  off: { shape: 'off', word: 'Off' },
  connecting: { shape: 'connecting', word: 'Connecting' },
  connected: { shape: 'connected', word: 'Connected' },
  late: { shape: 'late', word: 'Late' },
  trouble: { shape: 'trouble', word: 'Wants a look' },
  broken: { shape: 'broken', word: 'Broken' },
} as const satisfies Record<DeviceState, DeviceLook>;

/** How a device's state is shown: its shape and its word. A device the engine has not spoken of yet is connecting. */
export function deviceLook(state: DeviceState | undefined): DeviceLook {
  return looks[state ?? 'connecting'];
}
