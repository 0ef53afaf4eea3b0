import type { WorkingShow } from '../ports/show-store.ts';
import { openOrSetAside, type SetAside } from './set-aside.ts';
import { WorkingCopy } from './working-copy.ts';

export interface OpenedCopy {
  readonly copy: WorkingCopy;
  readonly show: WorkingShow | undefined;
  readonly setAside: SetAside | null;
}

/** @param beforeRemake see WorkingCopy
 *  @throws SqliteError when the disk is at fault and not the content */
export function openWorkingCopy(path: string, beforeRemake?: () => void): OpenedCopy {
  const { opened, setAside } = openOrSetAside(path, (at) => openAndLoad(at, beforeRemake));
  return { ...opened, setAside };
}

function openAndLoad(path: string, beforeRemake?: () => void): Omit<OpenedCopy, 'setAside'> {
  const copy = new WorkingCopy(path, beforeRemake);
  try {
    return { copy, show: copy.load() };
  } catch (cause) {
    copy.close();
    throw cause;
  }
}
