import { f64 } from '../../src-main/contract/signal.ts';
import { millis } from '../../src-main/contract/units.ts';
import { decodePlaced, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../src-main/core/protocol/framing.ts';
import { messageType, type Message, type SetMessage } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import type { Connection } from '../../src-main/ports/transport.ts';
import { oneOf, seededChance, wholeNumber, type Chance } from '../seeded-chance.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { hostileFrames } from './hostile-frames.ts';
import { makeToken, type Token } from './observation.ts';

const comesBackAfter = millis(700);

/** An actor without our library. An old client says HELLO, sends what old clients send, and comes back when its connection
 *  ends; a vandal may say anything at any time. What the router sends must be frames that can be read. */
export class RawPeer implements Actor {
  readonly #options: ActorOptions;
  #connection: Connection | undefined;
  #hasLeft = false;
  #sent = 0;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Sends something. */
  act(seed: number): void {
    const chance = seededChance(seed);
    if (this.#options.plan.role === 'vandal') return this.#rampage(chance, seed);
    for (let left = wholeNumber(chance, 1, 10); left > 0; left--) this.#send(this.#oldMessage(chance));
  }

  leave(): void {
    this.#hasLeft = true;
    this.#connection?.close('leaves');
    this.#connection = undefined;
  }

  #connect(): void {
    if (this.#hasLeft) return;
    const { dial, clock, plan, observe } = this.#options;
    const again = (): void => {
      this.#connection = undefined;
      clock.after(comesBackAfter, () => this.#connect());
    };
    dial().then((connection) => {
      this.#connection = connection;
      if (this.#hasLeft) return connection.close('leaves');
      connection.onClose(again);
      connection.onFrame((frame) => {
        try {
          decodePlaced(frame);
        } catch (error) {
          observe({ what: 'failed', text: `the router sent actor ${plan.who} what is no frame: ${String(error)}` });
        }
      });
      if (plan.role === 'old' || plan.who % 2 === 0)
        this.#send({ type: messageType.hello, version: 1, name: `raw ${plan.who}`, features: ['param'] });
    }, again);
  }

  #oldMessage(chance: Chance): Message {
    const address = `/${oneOf(chance, ['p', 'e', 'lock'])}/${wholeNumber(chance, 0, 3)}`;
    if (chance() < 0.2)
      return { type: messageType.subscribe, id: wholeNumber(chance, 1, 3), pattern: '/p/**', types: 0xff };
    if (chance() < 0.1) return { type: messageType.get, address };
    const { who } = this.#options.plan;
    const token = makeToken(who, this.#sent++);
    const value = WireValue.of(f64(token));
    this.#fired(token);
    if (address.startsWith('/e')) return { type: messageType.publish, kind: 'event', address, value };
    const locks: Partial<SetMessage> = address.startsWith('/lock')
      ? oneOf(chance, [{ lock: true }, { unlock: true }, {}])
      : {};
    return { type: messageType.set, address, value, ...locks };
  }

  #fired(token: Token): void {
    const { plan, observe } = this.#options;
    const ask = {
      who: plan.who,
      tokens: [token],
      qos: 'fire',
      kind: 'param',
      isForLater: false,
      isOnStream: true,
    } as const;
    observe({ what: 'asked', ask });
    observe({ what: 'settled', ask, life: 0, refused: undefined });
  }

  #rampage(chance: Chance, seed: number): void {
    for (const frame of hostileFrames(seed, wholeNumber(chance, 1, 12))) this.#put(frame);
    if (chance() < 0.2) this.#connection?.close('bored');
  }

  #send(message: Message): void {
    this.#put(encodeFrame(message));
  }

  #put(frame: Uint8Array): void {
    const connection = this.#connection;
    connection?.send(frameFor(connection.framing, frame.slice()));
  }
}
