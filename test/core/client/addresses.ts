import { parseAddress, parsePattern, type Address, type Pattern } from '../../../src-main/contract/address.ts';

export const address: (text: string) => Address = parseAddress;
export const pattern: (text: string) => Pattern = parsePattern;
