import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { InputError } from '../contract/errors.ts';
import { openMachineCertificates } from '../engine/machine-identity.ts';
import { standingCertificates } from '../platform/certificates.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';

const usage = `flyrail cert: the certificates that this machine shows with TLS (--transport wss=… and tls=…)

  flyrail cert create [--json]
      make an authority of this machine's own and a certificate for all its names, where they are missing or end
      within a month; flyrail serve does the same when it needs them
  flyrail cert show [--json]
      print what there is: names, end, fingerprints
  flyrail cert export-ca [--out FILE.pem]
      print the authority's certificate, for other machines to trust; never its key

  --data DIR   the data folder of the Flyrail that is meant
`;

const verbs = ['create', 'show', 'export-ca'] as const;

/** Runs `flyrail cert …`.
 *  @returns the exit code when all went well
 *  @throws AppError with one sentence */
export async function runCertCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  const [word, ...rest] = positionals;
  const verb = verbs.find((each) => each === word);
  if (!verb || rest.length > 0)
    throw badFlag('cert', `expected one of ${verbs.join(', ')}, found ${positionals.join(' ') || 'nothing'}`);
  // A script with an unset variable does not mean the working directory.
  for (const flag of ['data', 'out'] as const)
    if (values[flag] === '') throw badFlag('cert', `--${flag}: expected a path`);
  if (values.out !== undefined && verb !== 'export-ca') throw badFlag('cert', '--out goes with export-ca');
  const { certificates } = dataPaths(resolve(values.data ?? defaultDataFolder()));
  const known =
    verb === 'create' ? await openMachineCertificates(certificates, Date.now()) : standingCertificates(certificates);
  if (!known)
    throw new InputError(
      'bad-certificate',
      `There are no certificates in ${certificates}: flyrail cert create makes them.`,
    );
  const [authority, server] = [new X509Certificate(known.authority), new X509Certificate(known.server.cert)];
  if (verb === 'export-ca') await exportAuthority(authority, values.out, io);
  else await print(io.stdout, values.json ? jsonOf(authority, server) : wordsOf(authority, server));
  return exitCode.ok;
}

async function exportAuthority(authority: X509Certificate, out: string | undefined, io: CommandIo): Promise<void> {
  if (out === undefined) await print(io.stdout, authority.toString());
  else await replaceFile(resolve(out), authority.toString());
}

function jsonOf(authority: X509Certificate, server: X509Certificate): string {
  const facts = [authority, server].map((each) => ({
    subject: subjectOf(each),
    names: namesOf(each),
    validFrom: new Date(each.validFrom).toISOString(),
    validTo: new Date(each.validTo).toISOString(),
    fingerprint: each.fingerprint256,
  }));
  return `${JSON.stringify({ authority: facts[0], server: facts[1] })}\n`;
}

function wordsOf(authority: X509Certificate, server: X509Certificate): string {
  const day = (text: string): string => new Date(text).toISOString().slice(0, 10);
  return [
    `authority    ${subjectOf(authority)}, until ${day(authority.validTo)}`,
    `             ${authority.fingerprint256}`,
    `this machine until ${day(server.validTo)}, as ${namesOf(server).join(', ')}`,
    `             ${server.fingerprint256}`,
    '',
  ].join('\n');
}

function subjectOf({ subject }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject;
}

function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return subjectAltName.split(', ').flatMap((name) => /^(?:DNS|IP Address):(.*)$/.exec(name)?.[1] ?? []);
}

function parse(args: readonly string[]) {
  return parseCommandArgs('cert', args, {
    data: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
}
