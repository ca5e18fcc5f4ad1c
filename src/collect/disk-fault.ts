/** Codes that tell of the disk or the database, whatever was to be stored. */
const diskCode =
  /^(SQLITE_(FULL|IOERR|READONLY|CORRUPT|BUSY|LOCKED|CANTOPEN|NOTADB|NOMEM|PROTOCOL)|E(NOSPC|DQUOT|IO|ROFS|FBIG|MFILE|NFILE|ACCES|PERM)$)/

/** Whether an error is the disk's and no fault of what was to be stored: it is asked again and nothing is refused because of it. */
export const isDiskFault = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && diskCode.test(error.code)
