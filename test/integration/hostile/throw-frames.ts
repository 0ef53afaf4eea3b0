import { Intruder, type Wire } from './intruder.ts';
import { countBy, type Arena } from './arena.ts';

interface Volley {
  readonly family: string;
  readonly wire: Wire;
  readonly token: string;
  readonly frames: readonly Uint8Array[];
  /** some are no frames */
  readonly isBroken?: boolean;
}

/** Throws all of them, by as many connections as that takes. @returns how often it was refused, by code */
export async function throwFrames(
  arena: Arena,
  { family, wire, token, frames, isBroken = false }: Volley,
): Promise<Record<string, number>> {
  const way = arena.way(wire);
  const codes: number[] = [];
  let ended = 0;
  let intruder = await Intruder.join(way, { token });
  const leave = async (): Promise<void> => {
    await intruder.settled();
    codes.push(...intruder.errors());
    if (intruder.isClosed) ended++;
    intruder.end();
  };
  for (let i = 0; i < frames.length; i++) {
    intruder.throw(frames[i] ?? new Uint8Array());
    // On a stream a frame that was cut waits for its rest: nothing is what comes.
    if (wire === 'quic' && isBroken) for (let j = 0; j < 2; j++) intruder.throw(new Uint8Array(40_000));
    // Sixteen bad ones in a row end a session, and one may end a connection.
    if (frames.length < 50 || (wire === 'quic' && isBroken) || i % 12 === 11) await intruder.settled();
    if (!intruder.isClosed) continue;
    await leave();
    intruder = await Intruder.join(way, { token });
  }
  await leave();
  const refused = countBy(codes);
  await arena.note({ family, wire, tried: frames.length, refused, ended });
  return refused;
}
