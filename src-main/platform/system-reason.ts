const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it is not there',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EBUSY: 'another program holds it',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR_SHMSIZE: 'the disk is full',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_READONLY: 'the disk is read-only',
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_CORRUPT: 'it is damaged',
  SQLITE_BUSY: 'another program holds it',
};

/** Why the system refused, in an operator's words, without full stop; unknown reasons keep the system's own words. */
export function systemReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  // SQLite appends where it happened: SQLITE_IOERR_WRITE.
  return reasons[code] ?? reasons[code.split('_').slice(0, 2).join('_')] ?? cause.message;
}
