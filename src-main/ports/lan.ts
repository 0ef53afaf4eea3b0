/** One IPv4 address of this machine on a network that others are on too. */
export interface LanCard {
  /** of the network card: `eth0` */
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  /** reaches everybody on that network: `10.0.0.255` */
  readonly broadcast: string;
}
