import { basename, dirname, resolve } from 'node:path';
import { fixtureSegment, profileTextMax, type FixtureProfile } from '../contract/fixture.ts';
import { InputError } from '../contract/errors.ts';
import { layPatch } from '../contract/patched-fixture.ts';
import { applyEdit } from '../contract/show-edit.ts';
import type { ShowDocument } from '../contract/show.ts';
import { showExtension } from '../contract/show-ref.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { importProfile } from '../platform/fixture-import/import-profile.ts';
import { readWholeFile } from '../platform/read-file.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { formatShowFile, parseShowFile, showFileBytesMax } from '../platform/show-file.ts';
import { markerPath, openElsewhere } from '../platform/show-marker.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { linkToEngine } from './with-engine.ts';

const usage = `flyrail fixture: profiles of fixtures in a show

  flyrail fixture import FILE [SHOW.flyrail] [--json]
      add the fixture that FILE describes, a JSON of the Open Fixture Library or a .qxf of QLC+, to a show file that is open
      nowhere; without SHOW to the show on the table of the Flyrail that runs on this machine.
      A JSON in a folder takes the folder as its maker: cameo/auro-spot.json.
  flyrail fixture list [SHOW.flyrail] [--json]
      profiles, their modes, and the fixtures that are patched, with their addresses

  --data DIR    the data folder of the Flyrail that is meant
`;

const options = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs `flyrail fixture …`.
 *  @throws AppError with one sentence that names what was expected */
export async function runFixtureCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('fixture', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  const [verb, ...words] = positionals;
  const paths = dataPaths(resolve(values.data ?? defaultDataFolder()));
  const json = values.json ?? false;
  if (verb === 'list') {
    const [show, ...rest] = words;
    if (rest.length > 0) throw badFlag('fixture', 'expected one show');
    const document = show === undefined ? await documentOf(paths) : await readShow(resolve(show));
    await print(io.stdout, json ? `${JSON.stringify(listOf(document))}\n` : formatList(document));
    return exitCode.ok;
  }
  if (verb !== 'import') throw badFlag('fixture', `expected import or list, found ${visibleText(verb ?? 'nothing')}`);
  const [file, show, ...rest] = words;
  if (file === undefined || rest.length > 0) throw badFlag('fixture', 'expected import FILE [SHOW.flyrail]');
  const { name, text } = await readProfile(resolve(file));
  const told = show === undefined ? await putOnTable(paths, name, text) : await putIntoFile(resolve(show), name, text);
  const notes = told.notes.map((note) => `note: ${visibleText(note)}\n`).join('');
  await print(io.stdout, json ? `${JSON.stringify(told)}\n` : `Imported ${told.profileId}.\n${notes}`);
  return exitCode.ok;
}

interface Imported {
  readonly profileId: string;
  readonly notes: readonly string[];
}

async function readProfile(path: string): Promise<{ readonly name: string; readonly text: string }> {
  const bytes = await readWholeFile(path, profileTextMax);
  return { name: `${basename(dirname(path))}/${basename(path)}`, text: new TextDecoder().decode(bytes) };
}

async function putOnTable(paths: ReturnType<typeof dataPaths>, name: string, text: string): Promise<Imported> {
  const link = await linkToEngine(paths);
  try {
    const { profileId, notes } = await link.engine.importProfile({ name, text });
    return { profileId, notes };
  } finally {
    link.close();
  }
}

async function putIntoFile(path: string, name: string, text: string): Promise<Imported> {
  if (!path.toLowerCase().endsWith(showExtension))
    throw badFlag('fixture', `${path}: expected a name that ends in ${showExtension}`);
  const document = await readShow(path);
  const { profile, notes } = await importProfile(name, text);
  const edited = applyEdit(document, { label: 'import', steps: [{ do: 'put', list: 'profiles', item: profile }] });
  const holder = await openElsewhere(path);
  if (holder) {
    const message = `${path} is open in a running Flyrail (process ${holder.pid} on ${holder.host}). Leave SHOW out to import there. If it is not running any more, delete ${await markerPath(path)}.`;
    throw new InputError('show-open-elsewhere', message, { ...holder, path });
  }
  await replaceFile(path, formatShowFile(edited.document));
  return { profileId: profile.id, notes };
}

async function readShow(path: string): Promise<ShowDocument> {
  return parseShowFile(await readWholeFile(path, showFileBytesMax), path).document;
}

async function documentOf(paths: ReturnType<typeof dataPaths>): Promise<ShowDocument> {
  const link = await linkToEngine(paths);
  try {
    return (await link.engine.snapshot()).document;
  } finally {
    link.close();
  }
}

function listOf({ profiles, patch }: ShowDocument) {
  const modesOf = ({ modes }: FixtureProfile) => modes.map(({ name, slots }) => ({ name, slots: slots.length }));
  return {
    profiles: profiles.map((profile) => ({ ...headOf(profile), modes: modesOf(profile) })),
    fixtures: layPatch({ profiles, patch }).map(({ fixture, channels }) => ({
      ...fixture,
      address: `/fixtures/${fixtureSegment(fixture.name)}`,
      channels: channels.map(({ channel }) => channel.key),
    })),
  };
}

function headOf({ id, maker, model }: FixtureProfile) {
  return { id, maker, model };
}

function formatList(document: ShowDocument): string {
  const { profiles, fixtures } = listOf(document);
  const lines = [
    ...profiles.flatMap(({ id, maker, model, modes }) => [
      `${id}  ${maker} ${model}`,
      ...modes.map(({ name, slots }) => `  ${name}, ${slots} slots`),
    ]),
    ...fixtures.flatMap(({ number, name, profileId, mode, bridgeId, universe, slot, address, channels }) => [
      `${String(number).padStart(4)}  ${name}  ${bridgeId} ${universe}.${slot}  ${profileId}, ${mode}`,
      `      ${address}/ with ${channels.join(', ')}`,
    ]),
  ];
  return lines.length === 0 ? 'No profiles and no fixtures.\n' : `${lines.map(visibleText).join('\n')}\n`;
}
