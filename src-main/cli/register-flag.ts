import { InputError } from '../contract/errors.ts';
import { registrationSchema } from '../contract/rendezvous.ts';
import type { RegisterSettings } from '../engine/rendezvous-door.ts';

/** Each as `URL[,tag=WORD…]`, such as `http://10.0.0.9:7340,tag=hall,tag=lights`.
 *  @throws InputError 'bad-flag', one sentence that says what was expected */
export function parseRegisterFlags(texts: readonly string[]): RegisterSettings[] {
  const settings = texts.map(parseOne);
  const twice = settings.find(({ url }, index) => settings.findIndex((other) => other.url === url) !== index);
  if (twice) throw fault(twice.url, 'expected each server once');
  return settings;
}

function parseOne(text: string): RegisterSettings {
  const [written = '', ...rest] = text.split(',');
  const tags = rest.map((part) => {
    const tag = /^tag=(.+)$/.exec(part)?.[1];
    if (tag === undefined) throw fault(text, 'expected URL[,tag=WORD…]');
    return tag;
  });
  if (!registrationSchema.shape.tags.safeParse(tags).success)
    throw fault(text, 'tag: expected at most 32 of them, each of at most 64 letters');
  return { url: parseServerUrl('--register', written), tags };
}

/** Without the slash at its end.
 *  @throws InputError 'bad-flag' */
export function parseServerUrl(flag: string, written: string): string {
  const { protocol, username, search, hash } = URL.canParse(written) ? new URL(written) : emptyUrl;
  const isKnown = protocol === 'http:' || protocol === 'https:';
  if (isKnown && username + search + hash === '') return new URL(written).href.replace(/\/+$/, '');
  throw fault(written, 'expected the URL of a rendezvous server, as http://HOST:7340', flag);
}

const emptyUrl = { protocol: '', username: '', search: '', hash: '' };

function fault(text: string, expected: string, flag = '--register'): InputError {
  return new InputError('bad-flag', `${flag} ${text || '""'}: ${expected}.`);
}
