import { describe, expect, it } from 'vitest';
import { hasTrayHost } from '../../src-main/shell/tray-host.ts';

describe('a place for the tray icon', () => {
  it('[DS20] is there on Windows and macOS', async () => {
    expect(await hasTrayHost('win32')).toBe(true);
    expect(await hasTrayHost('darwin')).toBe(true);
  });

  it('[DS20] is not there on Linux when nobody on the session bus shows one', async () => {
    const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
    process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nowhere';
    try {
      expect(await hasTrayHost('linux')).toBe(false);
    } finally {
      if (before === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
    }
  });
});
