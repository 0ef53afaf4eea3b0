import { UnavailableError, messageOf, type AppError } from '../contract/errors.ts';
import type { Acknowledgement } from '../core/client/acknowledgement.ts';
import type { ClaspClient } from '../core/client/client-api.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { parsePubFlags, pubUsage, type PubFlags } from './pub-flags.ts';
import { withRouter, type RouterLink } from './with-router.ts';

/** Sends one signal and waits until the router has acknowledged it.
 *  @returns 0 then; 1, with a line on stderr, when it was refused or not acknowledged
 *  @throws AppError for bad flags, and when no router answers */
export async function runPubCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parsePubFlags(args);
  if (!flags) {
    await print(io.stdout, pubUsage);
    return exitCode.ok;
  }
  return withRouter(flags, io, (link) => pub(link, flags));
}

async function pub({ client, opened, say }: RouterLink, { signal, qos }: PubFlags): Promise<number> {
  const { knowsRequestIds, router } = await opened;
  if (qos === 'commit' && !knowsRequestIds) {
    say(`the router ${router} does not know commit, so nothing was sent. --qos confirm is what it can do.`);
    return exitCode.failed;
  }
  const { acknowledged } = await sendProven(client, () => client.publish(signal, { qos }));
  if (!acknowledged && qos !== 'fire') {
    const words = `the router ${router} acknowledges no signals of the kind ${signal.kind}`;
    say(`sent; ${words}, but it has read this one and refused nothing.`);
  }
  return exitCode.ok;
}

/** What is not acknowledged is followed by a question that every router answers, and routers answer in order: with that
 *  answer it is known that the signal was read, and a refusal would have come before.
 *  @throws AppError the router's refusal; UnavailableError 'no-answer' */
async function sendProven(client: ClaspClient, send: () => Promise<Acknowledgement>): Promise<Acknowledgement> {
  const refusals: AppError[] = [];
  const stop = client.onNotice((error) => refusals.push(error));
  try {
    const answer = await send();
    if (!answer.acknowledged) await client.sync().catch((error: unknown) => unproven(error));
    const [refusal] = refusals;
    if (refusal && !answer.acknowledged) throw refusal;
    return answer;
  } finally {
    stop();
  }
}

function unproven(cause: unknown): never {
  const message = `It was sent, but nobody knows whether the router read it: ${messageOf(cause)}`;
  throw new UnavailableError('no-answer', message, {}, { cause });
}
