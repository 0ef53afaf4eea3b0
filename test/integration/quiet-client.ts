import { Clasp } from '@clasp-to/core';
import { afterEach, beforeEach, vi } from 'vitest';

const open = new Set<Clasp>();
// The client reports every ACK and ERROR on the console.
beforeEach(() => {
  for (const method of ['log', 'debug', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined);
  }
});
afterEach(() => {
  for (const client of open) client.close();
  open.clear();
  vi.restoreAllMocks();
});

/** The official client, connected once unless the options say otherwise, silent, and closed after the test. */
export async function connectClient(url: string, options: ConstructorParameters<typeof Clasp>[1] = {}): Promise<Clasp> {
  const client = new Clasp(url, { reconnect: false, ...options });
  open.add(client);
  await client.connect();
  return client;
}
