import { z } from '../zod.ts';

/** A signal of the port that is held up or down while it is open. */
const ownSignal = z.enum(['system', 'on', 'off']).default('system');
const signalChoices = { system: 'As the system has it', on: 'On', off: 'Off' };

/** How bytes go over a serial line, and what its port signals. */
export const serialLine = {
  dataBits: z
    .literal([7, 8])
    .default(8)
    .meta({ title: 'data bits', description: 'Of each byte.', choices: { 7: '7', 8: '8' }, advanced: true }),
  parity: z
    .enum(['none', 'even', 'odd'])
    .default('none')
    .meta({
      title: 'parity',
      description: 'As the manual of the device has it.',
      choices: { none: 'None', even: 'Even', odd: 'Odd' },
      advanced: true,
    }),
  stopBits: z
    .literal([1, 2])
    .default(1)
    .meta({ title: 'stop bits', description: 'Behind each byte.', choices: { 1: '1', 2: '2' }, advanced: true }),
  flow: z
    .enum(['none', 'rtscts', 'xonxoff'])
    .default('none')
    .meta({
      title: 'flow control',
      description: 'How one end asks the other to wait.',
      choices: { none: 'None', rtscts: 'RTS and CTS', xonxoff: 'XON and XOFF' },
      advanced: true,
    }),
  dtr: ownSignal.meta({
    title: 'DTR',
    description: 'Held while the port is open. Some boards want it on before they speak.',
    choices: signalChoices,
    advanced: true,
  }),
  rts: ownSignal.meta({
    title: 'RTS',
    description: 'Held while the port is open, unless it does flow control.',
    choices: signalChoices,
    when: { flow: ['none', 'xonxoff'] },
    advanced: true,
  }),
  hangUp: z.boolean().default(true).meta({
    title: 'hang up when it closes',
    description: 'Off leaves DTR up, so that an Arduino does not start anew each time the port is opened again.',
    advanced: true,
  }),
};
