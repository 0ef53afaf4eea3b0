import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../../src-main/contract/errors.ts';
import type { RemoteState } from '../../../../src-main/contract/remote-access.ts';
import { millis } from '../../../../src-main/contract/units.ts';
import { qrPath } from '../../../../src-renderer/devices/remote/qr-path.ts';
import { FakeEngine } from '../../fake-engine.ts';
import { fakeRemote } from '../../fake-parts.ts';
import { giveRoom, opened, press, settled, smallShow } from '../../opened-app.ts';

giveRoom();
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const since = millis(1_795_295_600_000);

async function panel(change: Partial<RemoteState> = {}) {
  const engine = new FakeEngine(smallShow);
  engine.remote = fakeRemote(change);
  const { page, clock } = await opened(smallShow, { engine });
  await press('7');
  const section = page.querySelector<HTMLElement>('section[aria-label="Remote interface"]');
  if (!section) throw new Error('There is no panel.');
  const click = async (name: string, nth = 0): Promise<void> => {
    const found = [...section.querySelectorAll('button')].filter((each) => each.textContent.trim() === name);
    found[nth]?.click();
    await settled();
  };
  const asked = (name: string) => engine.calls.filter((call) => call.name === name).map(({ args }) => args);
  return { engine, section, click, asked, clock };
}

describe('the panel of the remote interface', () => {
  it('[RS25] opens the interface to other machines, says where it is, and warns where there is no TLS', async () => {
    const { section, click, asked, engine } = await panel();
    expect(section.textContent).toContain('Only this machine reaches it.');
    engine.refuse('setInterface', new InputError('no-login', 'Nobody could log in. Set a PIN first.'));
    await click('Open with TLS');
    expect(section.textContent).toContain('Nobody could log in. Set a PIN first.');
    await click('Open without');
    expect(asked('setInterface')).toEqual([
      { network: true, encrypted: true },
      { network: true, encrypted: false },
    ]);
    expect(section.textContent).toContain('http://192.168.10.20:7380/');
    expect(section.textContent).toContain('without TLS');
    // The encoder is loaded when it is wanted first.
    await vi.waitFor(() => expect(section.querySelector('svg[role="img"]')?.getAttribute('aria-label')).toMatch(/QR/), {
      timeout: 20_000,
    });
    await click('Close to others');
    expect(section.textContent).toContain('Only this machine reaches it.');
  });

  it('[RS25] sets a PIN and shows it once, and clears it', async () => {
    const { section, click, asked, engine } = await panel();
    await click('Set PIN', 1);
    expect(asked('setPin')).toEqual([{ role: 'control' }]);
    expect(section.textContent).toContain('481623');
    await click('Clear');
    expect(asked('clearPin')).toEqual([{ role: 'control' }]);
    engine.patchRemote({ pins: ['control'] });
    await settled();
    expect(section.textContent).not.toContain('481623');
  });

  it('[RS25] lists who is in and which pages are paired, and ends and revokes them', async () => {
    const { section, click, asked } = await panel({
      sessions: [
        { id: 's1', role: 'view', way: 'pin', name: '', peer: '10.0.0.9', since, lastSeen: since, pages: 1 },
        {
          id: 's2',
          role: 'edit',
          way: 'device',
          name: 'Stage left',
          peer: '10.0.0.8',
          since,
          lastSeen: since,
          pages: 0,
        },
      ],
      paired: [{ id: 'd1', name: 'Stage left', role: 'edit', since, lastSeen: null }],
    });
    for (const text of ['10.0.0.9', 'View', 'by PIN', 'Stage left', 'Edit', 'last seen'])
      expect(section.textContent).toContain(text);
    await click('End', 1);
    await click('Revoke');
    expect([asked('endSession'), asked('revokePaired')]).toEqual([[{ id: 's2' }], [{ id: 'd1' }]]);
    expect(section.textContent).not.toContain('Stage left');
  });

  it('[PA11] shows the code, what it lets in, the tries that are left and the time, until it ends', async () => {
    const { section, click, asked, engine } = await panel();
    await click('Start pairing');
    expect(asked('startPairing')).toEqual([{ role: 'view' }]);
    expect(section.querySelector('.code')?.textContent).toBe('042 137');
    expect(section.textContent).toMatch(/3\s+tries left/);
    expect(section.querySelector('.count')?.textContent).toMatch(/^[12]:\d\d$/);
    await click('Stop');
    expect(asked('stopPairing')).toHaveLength(1);
    engine.patchRemote({ pairing: null });
    await settled();
    expect(section.querySelector('.code')).toBeNull();
  });

  it('[PA11] draws a QR code with a quiet zone of four squares, another one for another text', async () => {
    const [one, two] = [await qrPath('http://10.0.0.5:7380/#pair=042137'), await qrPath('http://10.0.0.5:7380/')];
    expect(one.path).toMatch(/^M4 4h1v1h-1z/);
    expect(one.path).not.toBe(two.path);
    expect(one.size).toBeGreaterThanOrEqual(21 + 8);
  });
});
