import { z } from 'zod';
import type { FieldWords } from './bridges/field-words.ts';

declare module 'zod' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way zod is told of words of our own
  interface GlobalMeta extends FieldWords {}
}

// zod compiles validators with `new Function` where it may, which the window's content security policy refuses.
z.config({ jitless: true });

export { z };
