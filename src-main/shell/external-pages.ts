/** The pages that Flyrail may open in the system's browser: nothing but these origins, over https. */
export const externalOrigins = ['https://github.com'] as const;

export function mayOpenExternally(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return username === '' && password === '' && externalOrigins.some((allowed) => allowed === origin);
}
