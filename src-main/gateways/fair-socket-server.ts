import { WebSocketServer, type ServerOptions } from 'ws';

/** The library's server, but that each message of a client has a turn of the event loop: who sends ten thousand at once keeps nobody
 *  else waiting. Nothing is compressed. */
export class FairSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, allowSynchronousEvents: false, perMessageDeflate: false });
  }
}
