import { messageOf } from '../../../src-main/contract/errors.ts';
import { scenarioNamed } from '../scenarios/catalogue.ts';
import type { LoadAnswer, LoadRequest } from './load-process.ts';

/** The load process: measures what it is asked to, one after the other. */
process.on('message', (request: LoadRequest) => void answer(request));
process.on('disconnect', () => process.exit());

async function answer({ scenario, bench, one }: LoadRequest): Promise<void> {
  process.send?.(await measured());

  async function measured(): Promise<LoadAnswer> {
    try {
      return { figures: await scenarioNamed(scenario).measure(bench, one) };
    } catch (error) {
      return { failure: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) };
    }
  }
}
