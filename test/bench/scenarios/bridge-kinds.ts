import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { TargetName } from '../targets/target.ts';

/** The device at the other end of a bridge. */
export interface FarEnd {
  /** Says a whole number to the bridge, or to the plain program, at `level`. */
  send(index: number): void;
  /** runs with each number that comes back at `level` */
  onNumber: (index: number) => void;
  close(): void;
}

/** A kind of bridge that `bridge-overhead` measures. Further ones are a line in `bridgeKinds`. */
export interface OverheadKind {
  readonly kind: string;
  /** as a show has it, but for id, number and name; `<prefix>/level` is what numbers come and go at */
  readonly bridge: {
    readonly kind: string;
    readonly settings: { readonly prefix: string } & Readonly<Record<string, unknown>>;
  };
  /** a program with the same library and nothing around it, that sends back what it gets */
  readonly peer: TargetName;
  /** @param peerPort of the plain program; undefined to speak with the bridge */
  open(peerPort: number | undefined): Promise<FarEnd>;
}

// The show is made in one process and played on in another, so the ports are agreed.
const [oscIn, oscOut] = [47_110, 47_111];

const osc: OverheadKind = {
  kind: 'osc',
  bridge: {
    kind: 'osc',
    settings: {
      listenHost: '127.0.0.1',
      listenPort: oscIn,
      targets: [{ host: '127.0.0.1', port: oscOut }],
      prefix: '/osc',
    },
  },
  peer: 'node-osc',
  open: async (peerPort) => {
    const socket = createSocket('udp4').bind(oscOut, '127.0.0.1');
    await once(socket, 'listening');
    // [OSC 1.0] One whole number behind the path and its type.
    const message = Buffer.from('/level\0\0,i\0\0\0\0\0\0');
    const end: FarEnd = {
      send: (index) => {
        message.writeInt32BE(index, 12);
        socket.send(Buffer.from(message), peerPort ?? oscIn, '127.0.0.1');
      },
      onNumber: () => undefined,
      close: () => socket.close(),
    };
    socket.on('message', (bytes) => end.onNumber(bytes.readInt32BE(12)));
    return end;
  },
};

export const bridgeKinds: readonly OverheadKind[] = [osc];
