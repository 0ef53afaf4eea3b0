import type { OscSettings } from '../../contract/bridges/osc.ts';
import { millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { UdpEndpoint, UdpSocket } from '../../platform/udp-socket.ts';
import { nameOf, type OscEnd, type OscPacket, type OscWireOptions } from './osc-wire.ts';
import { PacedLine } from './paced-line.ts';
import type { PaceShare } from './pace-share.ts';
import { PacedRoom } from './paced-room.ts';

/** Those that are answered; of more, the ones that spoke last. */
export const sendersMax = 64;

export interface UdpSendersOptions extends Pick<OscWireOptions, 'clock' | 'left' | 'refuse'> {
  readonly settings: Pick<OscSettings, 'answer' | 'answerSeconds'>;
  readonly share: PaceShare;
  /** what they spoke to, which answers them */
  readonly socket: () => UdpSocket | undefined;
  /** whether it gets everything already */
  readonly isTarget: (endpoint: UdpEndpoint) => boolean;
}

interface Sender extends OscEnd {
  readonly endpoint: UdpEndpoint;
  readonly line: PacedLine;
  spokeAt: Micros;
}

/** Those that spoke to a bridge, and are answered at the port that they sent from. */
export class UdpSenders {
  readonly #options: UdpSendersOptions;
  /** who spoke, by name, last one last */
  readonly #senders = new Map<string, Sender>();
  /** of all together, since anybody can speak */
  readonly #room = new PacedRoom();

  constructor(options: UdpSendersOptions) {
    this.#options = options;
  }

  /** It spoke. */
  note(endpoint: UdpEndpoint): OscEnd {
    const name = nameOf(endpoint.address, endpoint.port);
    const { settings, clock } = this.#options;
    if (settings.answer === 'nobody') return { name };
    const spokeAt = clock.nowMicros();
    const sender = this.#senders.get(name) ?? { name, endpoint, spokeAt, line: this.#line(name, endpoint) };
    sender.spokeAt = spokeAt;
    this.#senders.delete(name);
    this.#senders.set(name, sender);
    for (const oldest of this.#senders.values()) {
      if (this.#senders.size <= sendersMax) break;
      this.#forget(oldest);
    }
    return sender;
  }

  /** Those that are answered now, without those that get it as targets already. */
  get count(): number {
    return this.#answered().length;
  }

  get waiting(): number {
    return [...this.#senders.values()].reduce((sum, { line }) => sum + line.waiting, 0);
  }

  /** @param stands it stands already, and waits for all else */
  send(packet: OscPacket, stands: boolean): void {
    for (const { line } of this.#answered()) line.send(packet, stands);
  }

  /** What waits leaves now. */
  end(): void {
    for (const { line } of this.#senders.values()) line.end();
  }

  #line(name: string, endpoint: UdpEndpoint): PacedLine {
    const { clock, left, refuse, share, socket } = this.#options;
    return new PacedLine({
      clock,
      room: this.#room,
      share,
      transmit: (bytes) =>
        socket()?.send(bytes, endpoint, (failure) =>
          failure ? refuse(`a message to ${name} could not leave`) : left(),
        ),
      onDropped: () => refuse(`${name} is sent more than it could take`),
    });
  }

  #forget({ name, line }: Sender): void {
    this.#senders.delete(name);
    const dropped = line.drop();
    if (dropped > 0) this.#options.refuse(`${name} is not answered any more, since others spoke`, dropped);
  }

  #answered(): readonly Sender[] {
    const { settings, clock, isTarget } = this.#options;
    if (settings.answer === 'nobody') return [];
    const since = clock.nowMicros() - millisToMicros(millis(settings.answerSeconds * 1000));
    const lately = [...this.#senders.values()].filter(({ spokeAt }) => spokeAt >= since);
    const chosen = settings.answer === 'last' ? lately.slice(-1) : lately;
    return chosen.filter(({ endpoint }) => !isTarget(endpoint));
  }
}
