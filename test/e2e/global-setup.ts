import { unpackBrowser } from './browser.ts';
import { provideElectron } from './electron.ts';

/** Runs once before all tests; what it puts into process.env reaches their workers. */
export default async function globalSetup(): Promise<void> {
  await unpackBrowser();
  await provideElectron();
}
