import type { Found } from '../contract/rendezvous.ts';
import { discoverAt } from '../core/discovery/discover-at.ts';
import { createHttpCaller } from '../platform/http-caller.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { visibleText } from '../platform/visible-text.ts';

/** What is asked of a rendezvous server. */
export interface RendezvousQuestion {
  readonly url: string;
  readonly tag: string | undefined;
  readonly feature: string | undefined;
  readonly limit: number | undefined;
}

/** What a rendezvous server knows, a line each.
 *  @throws AppError with one sentence */
export async function listRendezvous(
  { url, ...wanted }: RendezvousQuestion,
  json: boolean,
): Promise<readonly string[]> {
  const server = { http: createHttpCaller(), clock: createSystemClock(), url };
  const found = await discoverAt(server, wanted);
  const lines = json ? found.map((each) => JSON.stringify({ source: 'rendezvous', ...each })) : found.map(plainLine);
  return lines.map((line) => `${line}\n`);
}

function plainLine({ name, endpoints, tags, signed, verified }: Found): string {
  const urls = Object.values(endpoints).join(' ');
  const by = signed ? `signed by ${verified ?? ''}` : 'unsigned';
  return [name, urls, tags.join(' '), by].map((part) => visibleText(part)).join('\t');
}
