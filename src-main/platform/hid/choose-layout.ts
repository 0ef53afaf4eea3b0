import { UnavailableError } from '../../contract/errors.ts';
import type { HidInfo, NamedLayout } from '../../ports/hid-ports.ts';
import { hex } from './hid-identity.ts';

/** @param wanted the name of a layout; empty for the one that names the device; `none`
 *  @returns undefined where none names it: the device's own description is taken then
 *  @throws UnavailableError where the wanted one is not there */
export function chooseLayout(layouts: readonly NamedLayout[], info: HidInfo, wanted: string): NamedLayout | undefined {
  if (wanted === 'none') return undefined;
  if (wanted === '') return layouts.find((each) => namesDevice(each, info));
  const found = layouts.find(({ id }) => id === wanted);
  if (found) return found;
  throw new UnavailableError('cannot-read-file', `There is no layout ${wanted}: flyrail hid layouts lists them.`);
}

export function namesDevice({ layout }: NamedLayout, info: HidInfo): boolean {
  return layout.devices.some(
    ({ vendor, product, usagePage, usage }) =>
      vendor.toLowerCase() === hex(info.vendorId) &&
      product.toLowerCase() === hex(info.productId) &&
      (usagePage === undefined || usagePage.toLowerCase() === hex(info.usagePage)) &&
      (usage === undefined || usage.toLowerCase() === hex(info.usage)),
  );
}
