import type { HttpAnswer } from '../../ports/http-caller.ts';

/** Pages of one list; a longer list is cut there. */
export const pagesMax = 100;

/** A list that a server gives in pages, as far as it goes.
 *  @param ask any page; rejects as the caller does
 *  @returns the first page and those behind it; one that is no success stands alone
 *  @see RFC 8288: `Link: </api/signals?cursor=x>; rel="next"` */
export async function askPages(
  url: string,
  first: HttpAnswer,
  ask: (url: string) => Promise<HttpAnswer>,
): Promise<readonly [HttpAnswer, ...HttpAnswer[]]> {
  const pages: [HttpAnswer, ...HttpAnswer[]] = [first];
  for (let next = nextOf(first, url); next !== undefined && pages.length < pagesMax;) {
    const page = await ask(next);
    if (page.status !== 200) return [page];
    pages.push(page);
    next = nextOf(page, next);
  }
  return pages;
}

/** Only of the same server: what goes with a request is for it alone. */
function nextOf({ status, headers }: HttpAnswer, url: string): string | undefined {
  const target = /<([^<>]+)>\s*;[^,<]*\brel="?next"?/i.exec(headers['link'] ?? '')?.[1];
  if (status !== 200 || target === undefined || !URL.canParse(target, url)) return undefined;
  const next = new URL(target, url);
  return next.origin === new URL(url).origin && next.href !== url ? next.href : undefined;
}
