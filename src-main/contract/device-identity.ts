/** What a device says of itself; what it does not say is left out. */
export interface DeviceIdentity {
  /** maker and model, as they came */
  readonly model?: string;
  readonly serialNumber?: string;
  /** as its maker counts: `1.44` */
  readonly firmware?: string;
}

/** `ENTTEC DMX USB Pro, serial number 12345678, firmware 1.44`; empty for a device that says nothing. */
export function identityWords({ model, serialNumber, firmware }: DeviceIdentity): string {
  return [
    model,
    serialNumber !== undefined && `serial number ${serialNumber}`,
    firmware !== undefined && `firmware ${firmware}`,
  ]
    .filter(Boolean)
    .join(', ');
}
