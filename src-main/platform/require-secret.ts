import { InputError } from '../contract/errors.ts';

/** A secret of this machine by its name.
 *  @throws InputError 'unknown-id' for one that this machine does not have; UnavailableError 'cannot-read-file' */
export async function requireSecret(
  name: string,
  secret: ((name: string) => Promise<string | undefined>) | undefined,
): Promise<string> {
  const found = await secret?.(name);
  if (found !== undefined) return found;
  throw new InputError('unknown-id', `This machine has no secret ${name}: flyrail secret set keeps one.`);
}
