import { lineEnds, openFarLine } from './far-line.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

const line = 'serial';
/** of the plain program, which Flyrail's bridge is not to find */
export const plainSerialLine = 'serial-plain';

/** A pair of ptys. Flyrail keeps to the line's rate even there, so it is one that takes a thousand messages a second. */
export const serial: OverheadKind = {
  kind: 'serial',
  bridge: {
    kind: 'serial',
    settings: {
      ...{ port: lineEnds(line)[0], baud: 921_600, prefix: '/serial' },
      receives: [{ pattern: 'in={value:int}', to: '/in' }],
      sends: [{ from: '/out', message: 'out={value:d}' }],
    },
  },
  addresses: { in: '/serial/in', out: '/serial/out' },
  peer: 'node-serial',
  open: async (peerPort) => {
    const far = await openFarLine(peerPort === undefined ? line : plainSerialLine);
    const end: FarEnd = {
      send: (n) => far.write(Buffer.from(`in=${n}\n`)),
      onNumber: () => undefined,
      close: () => far.close(),
    };
    let held = '';
    far.onBytes = (bytes) => {
      const lines = (held + bytes.toString('latin1')).split('\n');
      held = lines.pop() ?? '';
      for (const each of lines) end.onNumber(Number(each.slice(each.indexOf('=') + 1)));
    };
    return end;
  },
};
