import { UnavailableError, messageOf } from '../contract/errors.ts';

/** Why a port could not be opened. */
export function openFault(error: Error, host: string, port: number): UnavailableError {
  const details = { host, port };
  if ('code' in error && error.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is in use by another program. Choose another port, or end that program.`;
    return new UnavailableError('port-in-use', message, details, { cause: error });
  }
  const message = `Port ${port} on ${host} cannot be opened: ${messageOf(error)}.`;
  return new UnavailableError('cannot-open-port', message, details, { cause: error });
}

/** Nobody was reached at an address. */
export function dialFault(address: string, error: unknown): UnavailableError {
  const message = `${address} does not answer: ${dialReason(error)}.`;
  return new UnavailableError('cannot-open-port', message, { address }, { cause: error });
}

/** Why the system could not connect. Of a name with several addresses each has its own reason, the whole has none. */
export function dialReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(dialReason).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** Where a client on this machine dials, also when the port is open on all of its addresses. */
export function dialledHost({ address, family }: { readonly address: string; readonly family: string }): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return family === 'IPv6' ? `[${host}]` : host;
}
