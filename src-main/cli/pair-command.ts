import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { InputError, UnavailableError } from '../contract/errors.ts';
import type { PairingInfo, RemoteState } from '../contract/remote-access.ts';
import { roles, type Role } from '../contract/role.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { pairWith } from './pair-client.ts';
import { print } from './print.ts';
import { linkToEngine } from './with-engine.ts';

const usage = `flyrail pair: let a page or a CLASP client in by a code of six digits

  flyrail pair [--role ROLE] [--data DIR] [--json]
      ask the Flyrail that runs on this machine for a code, print it, and wait until it was used, at most two minutes;
      the code works once, and three times wrong ends it
  flyrail pair --with URL CODE [--name NAME] [--json]
      give the code of another Flyrail to the interface at URL, and print the token that it makes for this client;
      who listens in between learns neither code nor token

  --role ROLE   what the other side may do: view (the default), control or edit
  --name NAME   what this client is called in the list of tokens there (this machine's name)
  --data DIR    the data folder of the Flyrail that is meant
`;

const options = {
  role: { type: 'string' },
  with: { type: 'string' },
  name: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs `flyrail pair …`.
 *  @throws AppError with one sentence */
export async function runPairCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('pair', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  const json = values.json ?? false;
  if (values.with === undefined) {
    if (positionals.length > 0) throw badFlag('pair', 'a code goes with --with URL');
    const role = roles.find((each) => each === (values.role ?? 'view'));
    if (!role) throw badFlag('pair', `--role: expected one of ${roles.join(', ')}`);
    return offer(dataPaths(resolve(values.data ?? defaultDataFolder())), role, { io, json });
  }
  const [code = ''] = positionals;
  if (!/^\d{6}$/.test(code) || positionals.length > 1) throw badFlag('pair', 'expected the six digits of the code');
  const { role, token } = await pairWith({ url: urlOf(values.with), code, name: values.name ?? hostname() });
  await print(io.stdout, json ? `${JSON.stringify({ role, token })}\n` : `${visibleText(token)}\n`);
  return exitCode.ok;
}

interface Output {
  readonly io: CommandIo;
  readonly json: boolean;
}

async function offer(paths: ReturnType<typeof dataPaths>, role: Role, { io, json }: Output): Promise<number> {
  const link = await linkToEngine(paths);
  const { engine, gone } = link;
  try {
    const heard: { mine?: PairingInfo } = {};
    const over = new Promise<RemoteState>((done) => {
      engine.on('remote', (state) => {
        if (heard.mine && state.pairing?.code !== heard.mine.code) done(state);
      });
    });
    const before = (await engine.snapshot()).remote?.paired.map(({ id }) => id) ?? [];
    const state = await engine.startPairing({ role });
    const mine = state.pairing;
    if (!mine) throw new InputError('no-pairing', 'Another pairing took its place.');
    heard.mine = mine;
    await print(io.stdout, json ? `${JSON.stringify(offerOf(state, mine))}\n` : await wordsOf(state, mine));
    const ended = await Promise.race([over, gone.then(() => undefined)]);
    if (!ended) throw new UnavailableError('no-answer', 'Flyrail has ended.');
    return await tell(ended, before, { io, json });
  } finally {
    link.close();
  }
}

/** A page stands in the list; of a CLASP client the list of tokens tells. */
async function tell({ paired }: RemoteState, before: readonly string[], { io, json }: Output): Promise<number> {
  const page = paired.find(({ id }) => !before.includes(id));
  if (json) await print(io.stdout, `${JSON.stringify({ event: 'pairing-ended', paired: page ?? null })}\n`);
  else await print(io.stdout, page ? `Paired: ${visibleText(page.name)}, ${page.role}\n` : 'The code has ended.\n');
  return exitCode.ok;
}

function offerOf({ urls }: RemoteState, { code, role, expiresAt }: PairingInfo) {
  return {
    event: 'pairing',
    code,
    role,
    expiresAt: new Date(expiresAt).toISOString(),
    urls: urls.map(({ url }) => url),
  };
}

async function wordsOf({ urls }: RemoteState, { code, role }: PairingInfo): Promise<string> {
  const [first] = urls;
  const where = urls.map(({ url }) => `  ${url}\n`).join('');
  if (!first) return `Code: ${code}  (${role}, two minutes, once)\n`;
  const qrCode = (await import('qrcode')).default;
  const picture = await qrCode.toString(`${first.url}#pair=${code}`, { type: 'utf8' });
  return `Code: ${code}  (${role}, two minutes, once), to be given at\n${where}${picture}\n`;
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw badFlag('pair', '--with: expected the URL of an interface, http://192.168.1.20:7380/');
}
