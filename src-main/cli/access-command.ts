import process from 'node:process';
import { resolve } from 'node:path';
import { InputError } from '../contract/errors.ts';
import { roles, type Role } from '../contract/role.ts';
import { makePin, setPin } from '../engine/remote/set-pin.ts';
import { openAccessFile, rolesWithPin, type AccessFile } from '../platform/access-file.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { millis } from '../contract/units.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail access: who may come to the interface by a browser on another machine

  flyrail access pin set --role ROLE [--pin -] [--json]
      set the PIN of a role, 6 to 12 digits: read from standard input with --pin -, or made here and printed this once
  flyrail access pin clear --role ROLE
      take it back; who came in by it is out within seconds
  flyrail access revoke ID
      end a paired page by its id, as list tells it; it is out within seconds, and its key is worth nothing
  flyrail access list [--json]
      roles that have a PIN, and paired pages; never a PIN

  --role ROLE   view (looks), control (also sets values) or edit (does all)
  --data DIR    the data folder of the Flyrail that is meant; it may run meanwhile
`;

const options = {
  role: { type: 'string' },
  pin: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs `flyrail access …`.
 *  @throws AppError with one sentence */
export async function runAccessCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('access', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  if (values.data === '') throw badFlag('access', '--data: expected a path');
  const file = openAccessFile(dataPaths(resolve(values.data ?? defaultDataFolder())).accessFile);
  const json = values.json ?? false;
  const [first, id, ...rest] = positionals;
  const verb = positionals.join(' ');
  if (verb === 'list') await list(file, json, io);
  else if (verb === 'pin set')
    await set(file, { role: roleOf(values.role), pin: await pinFrom(values.pin, io), json }, io);
  else if (verb === 'pin clear') await clear(file, roleOf(values.role));
  else if (first === 'revoke' && id !== undefined && rest.length === 0) await revoke(file, id);
  else
    throw badFlag('access', `expected pin set, pin clear, revoke ID or list, found ${visibleText(verb) || 'nothing'}`);
  return exitCode.ok;
}

interface Setting {
  readonly role: Role;
  readonly pin: string | undefined;
  readonly json: boolean;
}

async function set(file: AccessFile, { role, pin, json }: Setting, { stdout }: CommandIo): Promise<void> {
  const made = pin ?? makePin();
  await setPin({ file, role, pin: made, now: millis(Date.now()) });
  // Who gave it knows it.
  const told = pin === undefined ? { role, pin: made } : { role };
  if (json) await print(stdout, `${JSON.stringify(told)}\n`);
  else await print(stdout, pin === undefined ? `PIN of ${role}: ${made}\n` : `The PIN of ${role} is set.\n`);
}

async function clear(file: AccessFile, role: Role): Promise<void> {
  if (!rolesWithPin(file.read()).includes(role))
    throw new InputError('unknown-id', `The role ${role} has no PIN. Nothing was changed.`, { role });
  await file.update((records) => ({ ...records, pins: { ...records.pins, [role]: undefined } }));
}

async function revoke(file: AccessFile, id: string): Promise<void> {
  await file.update((records) => {
    const paired = records.paired.filter((each) => each.id !== id);
    if (paired.length < records.paired.length) return { ...records, paired };
    throw new InputError('unknown-id', 'No page with this id is paired. Nothing was changed.', { id });
  });
}

async function list(file: AccessFile, json: boolean, { stdout }: CommandIo): Promise<void> {
  const records = file.read();
  const pins = roles.flatMap((role) => (records.pins[role] ? [{ role, setAt: iso(records.pins[role].setAt) }] : []));
  const paired = records.paired.map(({ id, name, role, since, lastSeen }) => {
    return { id, name, role, since: iso(since), lastSeen: lastSeen === null ? null : iso(lastSeen) };
  });
  const lines = [
    ...pins.map(({ role, setAt }) => `PIN     ${role.padEnd(8)} since ${setAt}`),
    ...paired.map(
      ({ id, name, role, since }) => `paired  ${role.padEnd(8)} since ${since}  ${visibleText(name)}  ${id}`,
    ),
  ];
  const words = lines.length === 0 ? 'Nobody comes in from another machine.\n' : `${lines.join('\n')}\n`;
  await print(stdout, json ? `${JSON.stringify({ pins, paired })}\n` : words);
}

function roleOf(text: string | undefined): Role {
  const role = roles.find((each) => each === text);
  if (!role) throw badFlag('access', `--role: expected one of ${roles.join(', ')}`);
  return role;
}

/** On the command line itself everybody on this machine could read it. */
async function pinFrom(flag: string | undefined, { stdin = process.stdin }: CommandIo): Promise<string | undefined> {
  if (flag === undefined) return undefined;
  if (flag !== '-') throw badFlag('access', '--pin: expected -, and the PIN on standard input');
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > 100 || text.includes('\n')) break;
  }
  return text.split('\n')[0]?.trim() ?? '';
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
