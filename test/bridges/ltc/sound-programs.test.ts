import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSoundProgram } from '../../../src-main/bridges/ltc/sound-programs.ts';
import { ltcBridgeSchema } from '../../../src-main/contract/bridges/ltc.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

function folderWith(...names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    writeFileSync(join(folder, name), '#!/bin/sh\n');
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const wanted = { sound: 'auto', direction: 'record', device: '', sampleRate: 48_000, channels: 1 } as const;

describe('programs that carry sound', () => {
  it('[TC24] are the first that is there, or those of the system that was chosen, with arguments and no shell', () => {
    const folder = folderWith('parec', 'pacat', 'aplay', 'pw-record');
    const searchPath = `/nowhere:${folder}`;
    expect(findSoundProgram({ ...wanted, searchPath })).toMatchObject({
      name: 'pw-record',
      path: join(folder, 'pw-record'),
    });
    expect(
      findSoundProgram({ ...wanted, direction: 'play', searchPath, device: 'hw:1,0', sampleRate: 44_100 }),
    ).toEqual({
      name: 'aplay',
      path: join(folder, 'aplay'),
      args: ['-q', '-t', 'raw', '-f', 'S16_LE', '-c', '1', '-r', '44100', '--buffer-time=200000', '-D', 'hw:1,0'],
    });
    const pulse = findSoundProgram({ ...wanted, sound: 'pulse', searchPath, device: 'alsa input' });
    expect(pulse.args).toContain('--device=alsa input');
    const two = (sound: 'alsa' | 'pipewire' | 'pulse'): readonly string[] =>
      findSoundProgram({ ...wanted, sound, channels: 2, searchPath: all }).args;
    const all = folderWith('arecord', 'pw-record', 'parec');
    expect(two('alsa').join(' ')).toContain('-c 2 ');
    expect(two('pipewire').join(' ')).toContain('--channels 2 ');
    expect(two('pulse')).toContain('--channels=2');
  });

  it('[TC24] are named where there is none', () => {
    const searchPath = folderWith('aplay');
    expect(() => findSoundProgram({ ...wanted, searchPath })).toThrow(
      'This machine has no program for sound: none of arecord (alsa-utils), pw-record (pipewire-bin), parec (pulseaudio-utils) is installed.',
    );
    expect(() => findSoundProgram({ ...wanted, sound: 'alsa', searchPath: '' })).toThrow(
      expect.objectContaining({ code: 'cannot-open-port' }) as Error,
    );
  });

  it('[TC24] are never given a device that could be read as an option', () => {
    const device = ltcBridgeSchema.shape.settings.shape.inputDevice;
    for (const text of ['', 'hw:1,0', 'plughw:CARD=Deck,DEV=0', 'alsa_input.usb-1.analog-stereo', '@DEFAULT_SOURCE@'])
      expect(device.safeParse(text).success, text).toBe(true);
    for (const text of ['-f', '--help', ' hw', '$(id)', 'a;b', 'a\nb', 'a'.repeat(121)])
      expect(device.safeParse(text).success, text).toBe(false);
  });
});
