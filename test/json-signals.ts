import type { Address } from '../src-main/contract/address.ts';
import { fromJson, type Signal } from '../src-main/contract/signal.ts';

// Signals by their values as JSON, for tests of bridges and ways in that speak it. Addresses are taken as they are, wrong ones too.

export function param(address: string, value: unknown): Signal {
  return { kind: 'param', address: address as Address, value: fromJson(value) };
}

export function event(address: string, value: unknown): Signal {
  return { ...param(address, value), kind: 'event' };
}

export function stream(address: string, value: unknown): Signal {
  return { ...param(address, value), kind: 'stream' };
}
