import { portsPerReply, type ReplyPort } from './art-poll-reply.ts';

/** A bind index is one byte that begins with 1. */
export const pagesMax = 255;

/** Parts ports into replies: four at most in each, and only such as have net and subnet in common.
 *  @param ports in any order; beyond 255 replies they are left out, inputs first
 *  @returns at least one page, that a node without ports says who it is */
export function pagesOf<P extends Pick<ReplyPort, 'portAddress' | 'way'>>(ports: readonly P[]): readonly P[][] {
  const pages: P[][] = [];
  // What is put out comes first: nobody sends to a port that was not told of.
  const sorted = ports.toSorted(
    (one, other) => Number(one.way === 'in') - Number(other.way === 'in') || one.portAddress - other.portAddress,
  );
  for (const port of sorted) {
    const page = pages.at(-1);
    const [first] = page ?? [];
    const fits = first && first.portAddress >> 4 === port.portAddress >> 4 && first.way === port.way;
    if (page && fits && page.length < portsPerReply) page.push(port);
    else pages.push([port]);
  }
  return pages.length === 0 ? [[]] : pages.slice(0, pagesMax);
}
