import { z } from 'zod';

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Every package is named with one exact version.
 *  @param text a package.json
 *  @returns `name: version` for each that is a range or a place */
export function findLooseVersions(text: string): string[] {
  const { dependencies, devDependencies, optionalDependencies } = manifest.parse(JSON.parse(text));
  const named = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return named
    .filter(([, version]) => !/^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: ${version}`);
}
