import { afterEach } from 'vitest';
import { startPtyLine, type PtyLine } from '../../pty-line.ts';

const open = new Set<PtyLine>();
afterEach(async () => {
  await Promise.all([...open].map((line) => line.unplug()));
});

/** Two ports and the line between them, gone with the test. @param links names for the ptys, which have new ones each time */
export async function openPtyLine(links: readonly string[] = []): Promise<PtyLine> {
  const line = await startPtyLine(links);
  open.add(line);
  const unplug = async (): Promise<void> => {
    open.delete(line);
    await line.unplug();
  };
  return { ...line, unplug };
}
