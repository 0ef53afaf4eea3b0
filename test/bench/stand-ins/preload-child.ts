import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

/** Loaded into Flyrail before it begins (`--import`): what it would load to reach MIDI and HID devices is stood in for, since machines
 *  of the bench have neither. All of Flyrail's own code runs as built; what lies behind these libraries (ALSA, the kernel, USB, the
 *  wire) is not measured. */
const standIns: Readonly<Record<string, URL>> = {
  '@julusian/midi': new URL('midi-library.ts', import.meta.url),
  'node-hid': new URL('hid-library.ts', import.meta.url),
};

registerHooks({
  resolve: (specifier, context, next) => {
    const standIn = standIns[specifier];
    return standIn ? { url: standIn.href, shortCircuit: true } : next(specifier, context);
  },
});

// Flyrail asks for ALSA's sequencer before it loads the library.
const sequencer = '/dev/snd/seq';
const { accessSync } = fs;
fs.accessSync = (path, mode) => {
  if (path !== sequencer) accessSync(path, mode);
};
syncBuiltinESMExports();
