import { describe, expect, it } from 'vitest';
import { toWireError, UnavailableError } from '../../src-main/contract/errors.ts';
import { DesktopHost, type ParentPort } from '../../src-main/engine/desktop-host.ts';

function meet() {
  const said: string[] = [];
  const stops: string[] = [];
  const hears: Parameters<ParentPort['on']>[1][] = [];
  const parent: ParentPort = {
    on: (_event, run) => hears.push(run),
    postMessage: ({ type }) => void said.push(type),
  };
  const host = new DesktopHost(parent, (reason) => stops.push(reason));
  const hear = (data: unknown): void => {
    for (const run of hears) run({ data, ports: [] });
  };
  return { host, hear, said, stops };
}

describe('the desktop shell of an engine', () => {
  it('[SC13] is asked for the key when it is needed, once by all who ask meanwhile', async () => {
    const { host, hear, said } = meet();
    expect(said).toEqual([]);
    const asked = [host.secretsKey(), host.secretsKey()];
    const key = Buffer.alloc(32, 7);
    hear({ type: 'secrets-key', key: key.toString('base64') });
    expect(await Promise.all(asked)).toEqual([key, key]);
    const again = host.secretsKey();
    hear({ type: 'secrets-key', key: null });
    expect(await again).toBeUndefined();
    expect(said).toEqual(['want-secrets-key', 'want-secrets-key']);
  });

  it('[SC14] says why there is no key, and is asked anew', async () => {
    const { host, hear } = meet();
    const first = host.secretsKey();
    hear({ type: 'secrets-key', key: 'short' });
    hear({ type: 'secrets-key-refused', error: toWireError(new UnavailableError('cannot-read-file', 'Locked.')) });
    await expect(first).rejects.toMatchObject({ code: 'cannot-read-file', message: 'Locked.' });
    const second = host.secretsKey();
    hear({ type: 'secrets-key', key: Buffer.alloc(32).toString('base64') });
    expect(await second).toHaveLength(32);
  });

  it('[DS25] may end the engine before it is ready', () => {
    const { hear, stops } = meet();
    hear({ type: 'stop' });
    expect(stops).toEqual(['the desktop shell ends']);
  });
});
