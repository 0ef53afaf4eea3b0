import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Files share a thread's modules: nothing here keeps state in a module, and loading the product once for each
// of 300 files took longer than the tests. Both cores, where vitest would leave one to a watching developer.
const bothCores = { maxWorkers: '100%' };
const shared = { ...bothCores, isolate: false };

// Stores run in threads of their own, and each would strip and compile the product's types anew.
const compileCache = fileURLToPath(new URL('node_modules/.cache/node-compile', import.meta.url));

// How CLASP travels, and whole networks of it by seeds: a fifth of the time of all that is beside the code, and seldom touched.
const networked = ['test/transports/**/*.test.ts', 'test/simulation/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          // Half of what these take is waiting for sockets: with two at once the cores idled, and it took 184 s for 119 s.
          maxWorkers: 4,
          name: 'unit',
          setupFiles: ['test/after-each-file.ts', 'test/quick-expect.ts'],
          env: { NODE_COMPILE_CACHE: compileCache },
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/integration/**', 'test/renderer/**', ...networked],
          // No test is timed; on a busy machine a property test may take its time.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          maxWorkers: 4,
          name: 'network',
          setupFiles: ['test/after-each-file.ts', 'test/quick-expect.ts'],
          env: { NODE_COMPILE_CACHE: compileCache },
          include: networked,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...bothCores,
          name: 'integration',
          setupFiles: ['test/after-each-file.ts', 'test/quick-expect.ts'],
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: {
          ...shared,
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          environment: 'happy-dom',
          testTimeout: 120_000,
        },
      },
    ],
  },
});
