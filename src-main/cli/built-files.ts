import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineFiles } from '../engine/create-engine.ts';

export interface BuiltFiles extends EngineFiles {
  /** entry of the thread that wakes the router for scheduled bundles */
  readonly wakeUpWorker: string;
}

/** Where the build puts what the engine loads at run time. The command and its chunks lie in `out/main` or below, the
 *  package's root is the folder that holds `out`. */
export function builtFiles(): BuiltFiles {
  const root = packageRoot(import.meta.dirname);
  return {
    pagesFolder: join(root, 'out', 'renderer'),
    showStoreWorker: join(root, 'out', 'main', 'show-store-worker.js'),
    journalWorker: join(root, 'out', 'main', 'journal-worker.js'),
    radioProcess: join(root, 'out', 'main', 'ble-radio.js'),
    wakeUpWorker: join(root, 'out', 'main', 'wake-up-worker.js'),
    demoShow: join(root, 'resources', 'shows', 'demo.json'),
    hidLayouts: join(root, 'resources', 'hid'),
  };
}

function packageRoot(from: string): string {
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return from;
}
