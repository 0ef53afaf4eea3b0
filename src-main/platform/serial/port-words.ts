import type { DeviceIdentity } from '../../contract/device-identity.ts';
import type { PortInfo } from '../../ports/serial-ports.ts';

/** What the box at a port says of itself by USB; nothing for a port that is built in. */
export function portIdentity(info: PortInfo): DeviceIdentity {
  const { vendorId, serialNumber = '' } = info;
  const model = portWords(info);
  if (vendorId === undefined) return {};
  return { ...(model !== '' && { model }), ...(serialNumber !== '' && { serialNumber }) };
}

/** `ENTTEC DMX USB PRO`; systems write the names of maker and product in many ways. */
export function portWords({ manufacturer, friendlyName, pnpId, serialNumber }: PortInfo): string {
  const maker = visible(manufacturer);
  const product = visible(friendlyName) || productOf(pnpId, serialNumber);
  if (product === '' || maker === '') return product || maker;
  return product.toLowerCase().startsWith(maker.toLowerCase()) ? product : `${maker} ${product}`;
}

/** Of `usb-ENTTEC_DMX_USB_PRO_EN123456-if00-port0`, as Linux has it. */
function productOf(pnpId: string | undefined, serialNumber: string | undefined): string {
  const [, name = ''] = /^usb-(.*?)(?:-if\d+.*)?$/.exec(pnpId ?? '') ?? [];
  const end = serialNumber !== undefined && name.endsWith(`_${serialNumber}`) ? serialNumber.length + 1 : 0;
  return visible(name.slice(0, name.length - end));
}

function visible(text = ''): string {
  return text
    .replace(/[_\s]+/g, ' ')
    .replace(/\p{C}/gu, '')
    .trim()
    .slice(0, 120);
}
