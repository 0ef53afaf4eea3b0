import { defineConfig } from '@playwright/test';
import { browserLaunch } from './browser.ts';

/** Two projects: the interface in a browser, against a headless engine, and the same in real Electron. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: './global-setup.ts',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // One after another, and nothing beside them: an Electron that starts on a busy machine now and then keeps Playwright
  // waiting for ever, though Flyrail is up by then and both of its debuggers are connected. The browser's own tests may run side by side:
  // `scripts/test/steps.mjs`.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'line',
  use: { trace: 'retain-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'browser', testIgnore: '*.electron.spec.ts', use: { launchOptions: browserLaunch() } },
    { name: 'electron', testMatch: '*.electron.spec.ts' },
  ],
});
