import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { FromRadio, ToRadio } from './radio-messages.ts';
import type { CentralRadio, PeripheralRadio, RadioLink } from './radio.ts';

/** What a process that has a radio talks through: the channel to its parent. */
export interface RadioPort {
  postMessage(message: FromRadio): void;
  on(event: 'message', run: (message: ToRadio) => void): unknown;
}

/** A radio that knows one role, or both. */
export type ServedRadio = Partial<CentralRadio> & Partial<PeripheralRadio>;

/** Lets another process use a radio of this one. Its other end is process-radio.ts. */
export function serveRadio(port: RadioPort, radio: ServedRadio): void {
  const server = new RadioServer(port, radio);
  port.on('message', (message) => server.obey(message));
  radio.onState?.((state) => port.postMessage({ is: 'state', state }));
}

class RadioServer {
  readonly #port: RadioPort;
  readonly #radio: ServedRadio;
  readonly #links = new Map<number, RadioLink>();
  readonly #attempts = new Map<number, AbortController>();
  #cancelScan: Cancel | undefined;
  #cancelAdvertising: Cancel | undefined;
  #arrivals = 0;

  constructor(port: RadioPort, radio: ServedRadio) {
    this.#port = port;
    this.#radio = radio;
  }

  obey(message: ToRadio): void {
    switch (message.do) {
      case 'scan':
        return this.#scan(message.isOn);
      case 'advertise':
        return this.#advertise(message.name);
      case 'connect':
        return void this.#connect(message.link, message.id);
      case 'send':
        return void this.#send(message);
      case 'disconnect':
        this.#attempts.get(message.link)?.abort();
        return this.#links.get(message.link)?.disconnect();
      case 'close':
        return void this.#radio.close?.().finally(() => this.#tell({ is: 'closed' }));
      default:
        return message satisfies never;
    }
  }

  #tell(message: FromRadio): void {
    this.#port.postMessage(message);
  }

  #scan(isOn: boolean): void {
    this.#cancelScan?.();
    this.#cancelScan = isOn ? this.#radio.scan?.((sighting) => this.#tell({ is: 'sighting', sighting })) : undefined;
  }

  #advertise(name: string | undefined): void {
    this.#cancelAdvertising?.();
    const accept = (link: RadioLink): void => this.#take(--this.#arrivals, link);
    this.#cancelAdvertising = name === undefined ? undefined : this.#radio.advertise?.(name, accept);
  }

  async #connect(number: number, id: string): Promise<void> {
    const attempt = new AbortController();
    this.#attempts.set(number, attempt);
    try {
      await this.#radio.connect?.(id, { givenUp: attempt.signal, accept: (link) => this.#take(number, link) });
    } catch (error) {
      this.#tell({ is: 'ended', link: number, reason: messageOf(error) });
    } finally {
      this.#attempts.delete(number);
    }
  }

  async #send({ link: number, message, isAsked }: Extract<ToRadio, { do: 'send' }>): Promise<void> {
    const link = this.#links.get(number);
    if (!link) return;
    try {
      await link.send(message, isAsked);
      this.#tell({ is: 'sent', link: number, messageBytes: link.messageBytes });
    } catch {
      // A message that the radio did not take leaves a link that nobody can go on with.
      link.disconnect();
    }
  }

  #take(number: number, link: RadioLink): void {
    this.#links.set(number, link);
    this.#tell({ is: 'link', link: number, peer: link.peer, messageBytes: link.messageBytes });
    link.onMessage((message) => this.#tell({ is: 'received', link: number, message: message.slice() }));
    link.onEnd((reason) => {
      this.#links.delete(number);
      this.#tell({ is: 'ended', link: number, reason });
    });
  }
}
