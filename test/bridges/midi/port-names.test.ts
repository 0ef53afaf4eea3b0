import { describe, expect, it } from 'vitest';
import { findPort, stablePortNames } from '../../../src-main/bridges/midi/port-names.ts';

const alsa = [
  'Midi Through:Midi Through Port-0 14:0',
  'Keys:Keys MIDI 1 28:0',
  'Keys:Keys MIDI 2 28:1',
  'Keys:Keys MIDI 1 32:0',
];

describe('names of MIDI ports', () => {
  it('[MI9] are without the numbers that the system adds, and count those of one name', () => {
    expect(stablePortNames(alsa, 'linux')).toEqual([
      'Midi Through:Midi Through Port-0',
      'Keys:Keys MIDI 1',
      'Keys:Keys MIDI 2',
      'Keys:Keys MIDI 1 #2',
    ]);
  });

  it.each(['win32', 'darwin'])('[MI41] keep their own numbers on %s, so that none is taken for another', (platform) => {
    const ports = ['loopMIDI Port', 'loopMIDI Port 1', 'loopMIDI Port 2'];
    expect(stablePortNames(ports, platform)).toEqual(ports);
    expect(stablePortNames(['Keys 2', 'Keys 2'], platform)).toEqual(['Keys 2', 'Keys 2 #2']);
    expect(findPort('loopMIDI Port 2', ports, platform)).toEqual({ index: 2, name: 'loopMIDI Port 2', hasTwin: false });
    expect(findPort('loopMIDI Port 1', ['loopMIDI Port', 'loopMIDI Port 2'], platform)).toBeUndefined();
  });

  it('[MI9] are found by what stays, whatever numbers the system gave since', () => {
    expect(findPort('Keys:Keys MIDI 1', alsa, 'linux')).toEqual({ index: 1, name: alsa[1], hasTwin: true });
    expect(findPort('Keys:Keys MIDI 1 #2', alsa, 'linux')).toEqual({ index: 3, name: alsa[3], hasTwin: true });
    expect(findPort('Keys:Keys MIDI 2 20:7', alsa, 'linux')).toEqual({ index: 2, name: alsa[2], hasTwin: false });
    expect(findPort('Keys:Keys MIDI 1 #3', alsa, 'linux')).toBeUndefined();
    expect(findPort('Keys', alsa, 'linux')).toBeUndefined();
  });
});
