// Writes resources/show.schema.json from the schema that the code validates with; --print writes to stdout instead.
//   npx node scripts/generate-show-schema.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { showFormat, showSchema } from '../src-main/contract/show.ts';
import { z } from '../src-main/contract/zod.ts';

// The input side: a show as one writes it, where what has a default may be left out.
const { $schema, ...schema } = z.toJSONSchema(showSchema, { io: 'input' });
const head = { $schema, title: `Flyrail show, format ${showFormat}`, description: 'See docs/show-format.md.' };
const text = `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(join(import.meta.dirname, '..', 'resources', 'show.schema.json'), text);
