import type { Cancel } from '../contract/message-link.ts';
import type { PlacedFrame } from './placed-frame.ts';

export type Stop = () => Promise<void>;

/** Carries CLASP frames. Implementations reassemble and bound what comes in, so that the router sees whole frames only. */
export interface Transport extends Pick<Dialler, 'dial'> {
  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  listen(accept: (connection: Connection) => void): Promise<Listening>;
  /** Peers and messages that never reached the router, by why, since it was made. */
  refused?(): Readonly<Record<string, number>>;
}

/** The client's side of a transport. */
export interface Dialler {
  /** @param address a URL as a listener tells it
   *  @throws UnavailableError 'cannot-open-port' when nobody answers there, or it is no URL of this transport */
  dial(address: string): Promise<Connection>;
  /** Gives up what is being dialled; open connections stay. */
  abandon(): void;
}

export interface Listening {
  /** where clients dial: `ws://127.0.0.1:7330/clasp` */
  readonly url: string;
  /** A sentence for the operator while nobody can come in yet, as where a device is not plugged in; undefined once they can. */
  waitingFor?(): string | undefined;
  /** Refuses new connections at once and closes the open ones; settles when all are gone. */
  readonly stop: Stop;
}

/** One peer. After `close`, or after the peer went, `send` returns false and no frame arrives. */
export interface Connection {
  /** for people and logs: `ws 127.0.0.1:51332` */
  readonly peer: string;
  /** whether what was sent arrives, in order */
  readonly reliable: boolean;
  /** the largest frame in bytes that may be sent or will arrive */
  readonly maxBytes: number;
  readonly framing: 'websocket' | 'length32' | 'none';
  /** The wire takes little at a time: what waits for it is only worth sending as long as it is the newest. */
  readonly isSlow?: boolean;
  /** Nobody writes again to the frames that it gave out. They lie among others, so copy what is kept for long. */
  readonly framesStay?: boolean;
  /** Sends whole messages already in this framing (see `frameFor`): exactly one where the framing is 'none', else one or
   *  more, one after the other. The bytes are immutable from now on.
   *  @returns false when nothing of it was taken, because the queue to the peer is full (try again after onDrain), the peer
   *  is gone, or the frame is larger than `maxBytes` */
  send(chunk: Uint8Array): boolean;
  /** `frame` is exactly one CLASP frame, valid only during the call, or longer as `framesStay` says. */
  onFrame(run: (frame: PlacedFrame) => void): Cancel;
  /** Asks for no more frames until `resumeReading`; the peer is slowed down where the transport can. What has come into
   *  the process may still arrive, at most 256 KiB. */
  pauseReading(): void;
  resumeReading(): void;
  onDrain(run: () => void): Cancel;
  /** Runs once, also when the peer had gone before; `reason` is for logs. */
  onClose(run: (reason: string) => void): Cancel;
  /** Frames sent before are still delivered where the transport can.
   *  @param last one message in this framing for a peer that was too slow, taken behind them though the queue is full. Where
   *    the transport can, the peer has some time to read that far, and is told by its closing that it was too slow. */
  close(reason?: string, last?: Uint8Array): void;
}
