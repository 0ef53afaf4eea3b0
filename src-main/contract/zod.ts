import { z } from 'zod';

// zod compiles validators with `new Function` where it may, which the window's content security policy refuses.
z.config({ jitless: true });

export { z };
