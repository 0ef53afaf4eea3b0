import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HidControl } from '../contract/hid-control.ts';
import type { HidLayout } from '../contract/hid-layout.ts';
import { hex, tryHidName } from '../platform/hid/hid-identity.ts';
import { parseLayout } from '../platform/hid/read-layouts.ts';
import { makeFolder } from '../platform/make-folder.ts';
import { replaceFile } from '../platform/replace-file.ts';

export interface LayoutPlace {
  readonly folder: string;
  /** the name of its file without .json */
  readonly id: string;
  /** as `flyrail hid list` prints it */
  readonly device: string;
}

/** Puts a control into a layout of the operator, in place of one of the same name; makes the layout where there is none.
 *  @returns what was done, as a sentence
 *  @throws InputError 'bad-layout' where the file is there and is no layout */
export async function writeHidLayout(control: HidControl, { folder, id, device }: LayoutPlace): Promise<string> {
  const path = join(folder, `${id}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const before = text === undefined ? freshLayout(id, device) : parseLayout(`${id}.json`, text);
  const controls = [...before.controls.filter(({ name }) => name !== control.name), control];
  const next = parseLayout(`${id}.json`, JSON.stringify({ ...before, controls }));
  makeFolder(folder);
  await replaceFile(path, `${JSON.stringify(next, null, 2)}\n`);
  return `${control.name} is in ${path}, with ${controls.length} ${controls.length === 1 ? 'control' : 'controls'}.`;
}

function freshLayout(id: string, device: string): HidLayout {
  const identity = tryHidName(device);
  const devices = identity ? [{ vendor: hex(identity.vendorId), product: hex(identity.productId) }] : [];
  return {
    ...{ format: 1, name: id, sources: ['Learned with flyrail hid learn.'], devices },
    ...{ atStart: [], controls: [], usages: {}, reports: [], outputs: [] },
  };
}
