import { describe, expect, it } from 'vitest';
import { listMidiPorts } from '../../../src-main/bridges/midi/list-midi-ports.ts';
import { runMidiCommand } from '../../../src-main/cli/midi-command.ts';
import type { MidiPortList } from '../../../src-main/contract/device.ts';
import { FakeMidiPorts } from './fake-midi-ports.ts';

const ports: MidiPortList = { inputs: ['Keys', 'Keys #2'], outputs: [], problem: null };

describe('the list of MIDI ports', () => {
  it('[MI19] has the names that stay, or why there are none', async () => {
    const fake = new FakeMidiPorts();
    fake.inputs = ['Keys 28:0', 'Keys 32:0'];
    expect(await listMidiPorts(fake, 'linux')).toEqual(ports);
    fake.fault = 'This machine has no ALSA sequencer.';
    expect(await listMidiPorts(fake, 'linux')).toEqual({
      inputs: [],
      outputs: [],
      problem: 'This machine has no ALSA sequencer.',
    });
  });

  it('[MI19] is printed in words and as JSON, and a machine without MIDI is exit code 1', async () => {
    expect(await run(['ports'], ports)).toEqual({ code: 0, text: 'inputs:\n  Keys\n  Keys #2\noutputs: none\n' });
    const json = await run(['ports', '--json'], ports);
    expect(JSON.parse(json.text)).toEqual(ports);
    const problem = 'This machine has no ALSA sequencer.';
    expect(await run(['ports'], { inputs: [], outputs: [], problem })).toEqual({ code: 1, text: `${problem}\n` });
    expect((await run(['--help'], ports)).text).toContain('flyrail midi ports');
    await expect(run(['port'], ports)).rejects.toThrow(expect.objectContaining({ code: 'bad-flag' }) as Error);
    await expect(run([], ports)).rejects.toThrow(expect.objectContaining({ code: 'bad-flag' }) as Error);
  });
});

async function run(args: readonly string[], list: MidiPortList): Promise<{ code: number; text: string }> {
  let text = '';
  const out = {
    write: (piece: string, done?: (error?: Error | null) => void): boolean => {
      text += piece;
      done?.();
      return true;
    },
  };
  const code = await runMidiCommand(args, { stdout: out, stderr: out }, () => Promise.resolve(list));
  return { code, text };
}
