import { AppError } from '../../contract/errors.ts';
import { profileTextMax } from '../../contract/fixture.ts';
import { readOflProfile } from './ofl-profile.ts';
import { badProfile, type ImportedProfile } from './profile-draft.ts';
import { readQxfProfile } from './qxf-profile.ts';

/** Reads a fixture of the Open Fixture Library (JSON) or of QLC+ (`.qxf`), whichever it is.
 *  @param name of the file; of a JSON in a folder of the library, with the folder, which is the maker: `cameo/auro.json`
 *  @param text of the whole file, at most `profileTextMax` characters
 *  @throws InputError 'bad-profile', saying what was expected */
export async function importProfile(name: string, text: string): Promise<ImportedProfile> {
  if (text.length > profileTextMax) throw badProfile(`A file has at most ${profileTextMax} characters.`);
  const plain = text.replace(/^\uFEFF/, '').trimStart();
  try {
    if (plain.startsWith('{')) return readOflProfile(plain, makerOf(name));
    if (plain.startsWith('<')) return await readQxfProfile(plain);
  } catch (cause) {
    // Whatever a broken file does to a parser is the file's fault.
    throw cause instanceof AppError ? cause : badProfile('It is damaged.');
  }
  throw badProfile('Expected JSON of the Open Fixture Library, or a .qxf of QLC+.');
}

/** The folder that a file lies in. */
function makerOf(name: string): string | undefined {
  const folder = name.split(/[\\/]/).at(-2);
  return folder === undefined || folder === '' ? undefined : folder;
}
