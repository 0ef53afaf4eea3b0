import { parseAddress, type Address } from '../contract/address.ts';
import type { ParamAnswer } from '../core/client/client-api.ts';
import { visibleJson } from '../platform/visible-text.ts';
import { expectWords, parseClientArgs, parseRouterFlags, parseWord, routerUsage } from './client-flags.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { formatValue } from './value-json.ts';
import { withRouter, type RouterLink } from './with-router.ts';

export const getUsage = `flyrail get: print the value of a param as one line of JSON

  flyrail get ADDRESS [flags]

${routerUsage}
Exit codes: 0 printed, 1 refused or not answered within 10 s, 2 a bad flag or no router,
3 the router knows no param at ADDRESS.
`;

/** Prints what stands at an address.
 *  @returns 0; 3, with a line on stderr, when the address is unknown; 1 when the router refused it or did not answer
 *  @throws AppError for bad flags, and when no router answers */
export async function runGetCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseClientArgs('get', args, {});
  if (values.help) {
    await print(io.stdout, getUsage);
    return exitCode.ok;
  }
  const router = parseRouterFlags(values);
  expectWords('get', positionals, ['ADDRESS']);
  const address = parseWord('ADDRESS', positionals[0] ?? '', parseAddress);
  return withRouter(router, io, async (link) => {
    const param = await ask(link, address);
    if (!param) {
      link.say(`the router knows no param at ${address}.`);
      return exitCode.unknown;
    }
    await print(io.stdout, `${visibleJson(formatValue(param.value))}\n`);
    return exitCode.ok;
  });
}

/** Old routers say nothing about what they do not know; but they answer in order, so whatever comes next says it. */
async function ask({ client, opened }: RouterLink, address: Address): Promise<ParamAnswer | undefined> {
  const { knowsRequestIds } = await opened;
  const answer = client.get(address);
  if (knowsRequestIds) return answer;
  answer.catch(() => undefined);
  const next = client.sync().then(
    () => undefined,
    () => answer,
  );
  return Promise.race([answer, next]);
}
