import { messageOf, UnavailableError } from '../../contract/errors.ts';

/** Why a port of discovery is not open, as a sentence. Protocols say which ports these are: there is no other to choose. */
export function portTrouble(error: unknown): string {
  const isTaken = error instanceof UnavailableError && error.code === 'port-in-use';
  const { port } = isTaken ? error.details : {};
  return typeof port === 'number' && port > 0
    ? `UDP port ${port} is used by another program on this machine.`
    : messageOf(error);
}
