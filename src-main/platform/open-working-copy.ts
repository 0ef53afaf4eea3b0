import type { WorkingShow } from '../ports/show-store.ts';
import { openOrSetAside, type SetAside } from './set-aside.ts';
import { WorkingCopy } from './working-copy.ts';

export interface OpenedCopy {
  readonly copy: WorkingCopy;
  readonly show: WorkingShow | undefined;
  readonly setAside: SetAside | null;
}

/** @throws SqliteError when the disk is at fault and not the content */
export function openWorkingCopy(path: string): OpenedCopy {
  const { opened, setAside } = openOrSetAside(path, openAndLoad);
  return { ...opened, setAside };
}

function openAndLoad(path: string): { copy: WorkingCopy; show: WorkingShow | undefined } {
  const copy = new WorkingCopy(path);
  try {
    return { copy, show: copy.load() };
  } catch (cause) {
    copy.close();
    throw cause;
  }
}
