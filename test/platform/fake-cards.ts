import type { NetworkCard } from '../../src-main/contract/device.ts';

/** Network cards of a test that come, go and change their addresses. On Linux every address of 127.0.0.0/8 is one to dial from. */
export class FakeCards {
  readonly #addresses = new Map<string, readonly string[]>();
  /** how often they were looked up */
  looked = 0;

  /** @param addresses that it has from now on, whatever it had; none: it is gone */
  put(name: string, ...addresses: readonly string[]): this {
    this.#addresses.set(name, addresses);
    return this;
  }

  readonly list = (): readonly NetworkCard[] => {
    this.looked++;
    return [...this.#addresses].flatMap(([name, addresses]) => addresses.map((address) => cardOf(name, address)));
  };
}

function cardOf(name: string, address: string): NetworkCard {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { name, address, family, netmask: family === 'IPv4' ? '255.0.0.0' : 'ffff::', loopback: false };
}
