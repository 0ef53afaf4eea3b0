/** What `parseArgs` of Node found wrong with flags, in a sentence without its full stop. */
export function flagFault(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { message } = cause;
  const ambiguous = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(message)?.[1];
  if (ambiguous !== undefined) return `${ambiguous}: a value that begins with - is written ${ambiguous}=-…`;
  return message.split(/\.\s/)[0] ?? message;
}
