import { parseArgs } from 'node:util';
import { runSeeds, type RunKind, type SeedRun } from './run-seeds.ts';

const usage = `Plays seeded scenarios of the router, its clients, network, disk and clock, and fuzzes sessions.
  npm run simulate -- [--seeds N] [--from S] [--only simulation|cuts|fuzz] [--frames N] [--trace]
  --seeds   how many, 1000 unless given
  --from    the first, 1 unless given
  --only    one kind of run; all unless given
  --frames  of each fuzzed seed, 200 unless given
  --trace   prints everything that is observed
Ends with 1 when a seed failed, with 2 when a flag is wrong.`;

process.exitCode = await main();

async function main(): Promise<number> {
  const run = readFlags();
  if (!run) {
    console.error(usage);
    return 2;
  }
  return (await runSeeds(run, { print: (line) => console.log(line), nowMs: () => performance.now() })) > 0 ? 1 : 0;
}

function readFlags(): SeedRun | undefined {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        only: { type: 'string' },
        frames: { type: 'string', default: '200' },
        trace: { type: 'boolean', default: false },
      },
    });
    const [seeds, from, framesPerSeed] = [Number(values.seeds), Number(values.from), Number(values.frames)];
    const kinds = kindsOf(values.only);
    const areWhole = [seeds, from, framesPerSeed].every((number) => Number.isSafeInteger(number) && number > 0);
    return areWhole && kinds ? { seeds, from, framesPerSeed, kinds, isTraced: values.trace } : undefined;
  } catch {
    return undefined;
  }
}

function kindsOf(only: string | undefined): readonly RunKind[] | undefined {
  if (only === undefined) return ['simulation', 'cuts', 'fuzz'];
  return only === 'simulation' || only === 'cuts' || only === 'fuzz' ? [only] : undefined;
}
