import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import { messageOf } from '../../src-main/contract/errors.ts';

/** The repair a source pattern needs; undefined when it will do. */
export function sourceFault(pattern: string): string | undefined {
  return faultOf(() => parsePattern(pattern));
}

/** The repair a target needs: an address in which {1}, {2} … name what the source's wildcards caught. */
export function targetFault(target: string, pattern: string): string | undefined {
  if (target.includes('*')) return 'A target names one thing. Use {1} for what the first * caught.';
  const wildcards = pattern
    .split('/')
    .reduce((count, part) => count + (part === '**' ? 1 : part.split('*').length - 1), 0);
  for (const [whole, digits] of target.matchAll(/\{([^{}]*)\}/g)) {
    const index = Number(digits);
    if (!/^[1-9]\d?$/.test(digits ?? '')) return `${whole} is no place. Write {1} for what the first * caught.`;
    if (index > wildcards) {
      return wildcards === 0
        ? `The source has no *, so nothing stands for ${whole}.`
        : `The source has ${wildcards} *, so nothing stands for ${whole}.`;
    }
  }
  const filled = target.replaceAll(/\{[1-9]\d?\}/g, 'x');
  if (/[{}]/.test(filled)) return 'A brace is open. Write {1}, or remove it.';
  return faultOf(() => parseAddress(filled));
}

function faultOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
