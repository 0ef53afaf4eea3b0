import { defineConfig } from '@playwright/test';
import { browserLaunch } from './browser.ts';

/** Two projects: the interface in a browser, against a headless engine, and the same in real Electron. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: './global-setup.ts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Most of their time goes on waiting for a browser or an engine to start.
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'line',
  use: { trace: 'retain-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    // Of two Electrons that start in the same instant one never answered Playwright, once in about 50 times. They come
    // first, so that the other worker has the browser's tests meanwhile.
    { name: 'electron', testMatch: '*.electron.spec.ts', workers: 1 },
    { name: 'chromium', testIgnore: '*.electron.spec.ts', use: { launchOptions: browserLaunch() } },
  ],
});
