import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

// Packages named in `dependencies` stay outside the bundles of main and preload (electron-vite's default), but for the
// pure ones that every start loads: bundled without what nobody uses, they take 18 MB less of an idle process and a fifth
// less of its start. The renderer is bundled whole. Every worker and process entry is an input of its own: `new Worker(new URL(…))` is not followed.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: { exclude: ['@msgpack/msgpack', 'birpc', 'env-paths', 'sirv', 'zod'] },
      rolldownOptions: {
        input: {
          main: resolve('src-main/shell/main.ts'),
          headless: resolve('src-main/headless.ts'),
          'show-store-worker': resolve('src-main/workers/show-store-worker.ts'),
          'journal-worker': resolve('src-main/workers/journal-worker.ts'),
          'ble-radio': resolve('src-main/workers/ble-radio.ts'),
          'wake-up-worker': resolve('src-main/workers/wake-up-worker.ts'),
        },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload cannot be a module and cannot require packages: CommonJS, everything inside.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('src-preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte()],
    build: {
      outDir: resolve('out/renderer'),
      // The page's policy allows no inline fonts and no inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: resolve('src-renderer/index.html') },
    },
  },
});
