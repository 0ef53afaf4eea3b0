import { expect, it } from 'vitest';
import { runPortsCommand } from '../../src-main/cli/ports-command.ts';
import type { SerialPortEntry } from '../../src-main/contract/device.ts';

const widget: SerialPortEntry = {
  path: '/dev/ttyUSB0',
  device: 'usb=0403:6001:EN1',
  words: 'ENTTEC DMX USB PRO',
  vendorId: '0403',
  productId: '6001',
  serialNumber: 'EN1',
  usedBy: { pid: 77, program: 'olad' },
};

async function run(args: readonly string[], ports: readonly SerialPortEntry[] = [widget]): Promise<string> {
  let text = '';
  const stream = { write: (part: string, done?: () => void) => ((text += part), done?.(), true) };
  await runPortsCommand(args, { stdout: stream, stderr: stream }, () => Promise.resolve(ports));
  return text;
}

it('[DU35] flyrail ports lists them in words and as JSON', async () => {
  expect(await run([])).toBe('/dev/ttyUSB0  usb=0403:6001:EN1  ENTTEC DMX USB PRO  in use by olad (77)\n');
  expect(JSON.parse(await run(['--json']))).toEqual(widget);
  expect(await run([], [])).toBe('No serial port is plugged in.\n');
  expect(await run(['--json'], [])).toBe('');
  expect(await run(['--help'])).toContain('flyrail ports [--json]');
  await expect(run(['COM3'])).rejects.toMatchObject({ code: 'bad-flag' });
});
