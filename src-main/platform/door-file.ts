import { readFileSync, rmSync } from 'node:fs';
import { UnavailableError } from '../contract/errors.ts';
import { z } from '../contract/zod.ts';
import { replaceFile } from './replace-file.ts';

const schema = z.object({ url: z.string(), key: z.string() });

/** How programs of this user on this machine reach the interface while Flyrail runs. */
export type LocalDoor = z.infer<typeof schema>;

/** Says in the data folder, readable by its owner alone, where the interface is and what lets in there. */
export function createDoorFile(path: string, key: string) {
  return {
    /** @param url of the interface; its secret is left out */
    write: (url: string): Promise<void> => {
      const { origin } = new URL(url);
      return replaceFile(path, `${JSON.stringify({ url: origin, key })}\n`, { isSecret: true });
    },
    remove: (): void => {
      rmSync(path, { force: true });
    },
  };
}

/** @throws UnavailableError 'no-answer' where no Flyrail with an interface runs on this data folder */
export function readDoorFile(path: string): LocalDoor {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const what = 'No Flyrail with an interface runs on this data folder. Start it with flyrail serve.';
    throw new UnavailableError('no-answer', what, { path }, { cause });
  }
}
