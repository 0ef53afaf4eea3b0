import { importsOf } from './untested.ts';
import { isTest, type SourceFile } from './source-file.ts';

const adapter = /^src-main\/((?:bridges|transports|links|gateways)\/[^/]+)\//;

/** Every adapter's folder has a test that runs its port's conformance suite: it imports one from test/conformance and
 *  something of the adapter.
 *  @returns the folders without */
export function findUnproven(files: readonly SourceFile[]): string[] {
  const proven = new Set(files.filter(({ path }) => isTest(path)).flatMap(provenBy));
  const adapters = new Set(files.flatMap(({ path }) => adapter.exec(path)?.[1] ?? []));
  return [...adapters]
    .filter((folder) => !proven.has(folder))
    .map((folder) => `src-main/${folder}: no test runs the conformance suite of its port`);
}

function provenBy(file: SourceFile): string[] {
  const imports = importsOf(file);
  if (!imports.some((path) => path.startsWith('test/conformance/'))) return [];
  return imports.flatMap((path) => adapter.exec(path)?.[1] ?? []);
}
