import { describe, expect, it } from 'vitest';
import { soundFault } from '../../../src-main/bridges/ltc/sound-faults.ts';

const ended = { program: 'arecord', device: 'plughw:1,0', sampleRate: 48_000 };

describe('a program for sound that ended', () => {
  it('[TC33] is told with what to do about it, and what it said itself', () => {
    const gone =
      'ALSA lib pcm.c:2666: Unknown PCM default\narecord: main:831: audio open error: No such file or directory\n';
    expect(soundFault({ ...ended, words: gone })).toBe(
      'This machine has no sound device plughw:1,0 now: plug it in, or choose one that arecord -L prints. ' +
        'arecord said: arecord: main:831: audio open error: No such file or directory.',
    );
    const advice = (words: string, other: Partial<typeof ended> = {}): string | undefined =>
      soundFault({ ...ended, ...other, words }).split(': ')[0];
    expect(advice('aplay: main:831: audio open error: Device or resource busy')).toBe(
      'Another program has the sound device plughw:1,0',
    );
    expect(advice('audio open error: Permission denied', { device: '' })).toBe(
      'This user may not use the sound device',
    );
    expect(advice('arecord: set_params:1358: Channels count non available')).toBe(
      'The sound device plughw:1,0 does not take sound of 16 bits at 48000 Hz in so many channels',
    );
    expect(advice('Connection failure: Connection refused', { program: 'parec' })).toBe(
      'The sound system that parec speaks to does not run for this user',
    );
    expect(advice('Stream error: No such entity', { program: 'parec', device: 'deck' })).toBe(
      'This machine has no sound device deck now',
    );
  });

  it('[TC33] is told in words where nobody knows what it means, on one line and cut', () => {
    expect(soundFault({ ...ended, words: '' })).toBe('arecord ended: look at the sound device and its cable.');
    const said = soundFault({ ...ended, words: `first\nxrun\u0007${'!'.repeat(500)}` });
    expect(said).toMatch(/^arecord ended: look at the sound device and its cable\. arecord said: xrun/);
    expect(said.length).toBeLessThan(300);
    expect(said).not.toContain('\u0007');
  });
});
