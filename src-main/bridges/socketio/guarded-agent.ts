import { Agent as PlainAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { agentFrom, type DialCard } from '../../platform/card-dial.ts';

/** Where Node hands each request to its agent. */
interface Taking {
  addRequest(request: ClientRequest, ...more: readonly unknown[]): void;
}

/** Of an answer to a poll; the library would read on for ever. */
const answerBytesMax = 1024 * 1024;

/** What connections to a server are made by. A redirect is a failure: the library's polling would follow it to any host and by any
 *  network card, with the token, and one without a place would throw where nobody catches it, and end the process. */
export function guardedAgent(card: DialCard, isSecure: boolean): PlainAgent {
  const plain = isSecure ? new SecureAgent({ maxCachedSessions: 0 }) : new PlainAgent();
  const agent = agentFrom(card, isSecure) ?? plain;
  const taking = agent as unknown as Taking;
  const take = taking.addRequest.bind(agent);
  taking.addRequest = (request, ...more) => {
    // A WebSocket listens later, and follows nobody.
    const listeners = request.listeners('response') as ((answer: IncomingMessage) => void)[];
    request.removeAllListeners('response');
    for (const listener of listeners)
      request.once('response', (answer) => {
        const { statusCode = 0 } = answer;
        // As `ws` says it.
        if (statusCode >= 300 && statusCode <= 399)
          return void request.destroy(new Error(`Unexpected server response: ${statusCode}`));
        bound(answer);
        listener(answer);
      });
    take(request, ...more);
  };
  return agent;
}

function bound(answer: IncomingMessage): void {
  let total = 0;
  answer.on('data', (chunk: Uint8Array) => {
    total += chunk.length;
    if (total > answerBytesMax) answer.destroy(new Error(`its answer is longer than ${answerBytesMax} bytes`));
  });
}
