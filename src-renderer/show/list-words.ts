/** What stands beside the title of a list and in place of an empty one. Without an engine a list is as last read, and one
 *  that was never read is not empty but unknown.
 *  @param none for a list that is known to be empty */
export function listWords(
  about: string,
  none: string,
  { known, offline }: { readonly known: boolean; readonly offline: boolean },
): { readonly about: string; readonly none: string } {
  if (!offline) return { about, none: known ? none : 'Being read.' };
  return known ? { about: `${about}, as last read`, none } : { about, none: 'Not known without an engine.' };
}
