import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes, type PublishPacket } from 'aedes';

/** An MQTT broker in this process that comes and goes, always at the same port. */
export class InProcessBroker {
  readonly heard: {
    readonly topic: string;
    readonly payload: string;
    readonly retain: boolean;
    readonly qos: number;
  }[] = [];
  readonly sockets = new Set<Socket>();
  #server: Server | undefined;
  #broker: Aedes | undefined;
  port = 0;

  /** Listens, on a free port the first time. */
  async listen(): Promise<void> {
    const broker = await Aedes.createBroker();
    broker.on('publish', ({ topic, payload, retain, qos }, client) => {
      if (client) this.heard.push({ topic, payload: payload.toString(), retain, qos });
    });
    const server = createServer({ noDelay: true }, (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      void broker.handle(socket);
    });
    [this.#broker, this.#server] = [broker, server];
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  get broker(): Aedes {
    if (!this.#broker) throw new Error('the broker is away');
    return this.#broker;
  }

  /** Ends all connections at once, as when it is killed. */
  kill(): void {
    this.#server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.#broker?.close();
    this.#server = this.#broker = undefined;
  }

  /** Publishes as somebody else. */
  say(topic: string, payload: string | Buffer, some: Partial<PublishPacket> = {}): Promise<void> {
    const packet = { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false, ...some } as const;
    return new Promise((resolve, reject) => {
      this.broker.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }
}
