import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Pages for looking at the window over a fake engine: npx vite --config test/renderer/dev/vite.config.ts
export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte()],
  server: { host: '127.0.0.1', port: 5179, fs: { allow: ['../../..'] } },
});
