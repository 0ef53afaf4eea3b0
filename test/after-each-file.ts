import { afterAll } from 'vitest';
import { removeTemporaryFolders } from './temporary-folder.ts';

// Run anew for every test file, also where files share the modules of a thread.
afterAll(removeTemporaryFolders);
