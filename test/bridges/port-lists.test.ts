import { describe, expect, it } from 'vitest';
import { listPorts, serialPorts } from '../../src-main/bridges/port-lists.ts';

describe('ports to choose from', () => {
  it('[BF11] a serial port is found by who it is, and named by what it says it is, where it is and who has it', () => {
    const plain = { words: '', vendorId: null, productId: null, serialNumber: null, usedBy: null };
    const pro = { ...plain, device: 'usb=0403:6001:EN12', path: '/dev/ttyUSB0', words: 'ENTTEC DMX USB PRO' };
    const taken = { ...plain, device: '/dev/ttyS0', path: '/dev/ttyS0', usedBy: { pid: 7, program: 'olad' } };
    expect(serialPorts([pro, taken])).toEqual([
      { value: 'usb=0403:6001:EN12', label: 'ENTTEC DMX USB PRO, /dev/ttyUSB0' },
      { value: '/dev/ttyS0', label: '/dev/ttyS0, in use by olad' },
    ]);
  });

  it('[BF11] a machine that cannot tell offers nothing, and a list that fails fails nobody', async () => {
    expect(await listPorts('hid-device', {})).toEqual({ ports: [], problem: null });
    const fails = { 'midi-input': () => Promise.reject(new Error('no ALSA')) };
    expect(await listPorts('midi-input', fails)).toEqual({ ports: [], problem: 'no ALSA' });
    expect(Array.isArray((await listPorts('serial-port')).ports)).toBe(true);
  });
});
