import type { RandomSource } from '../service/session/sessions.ts'

/**
 * Makes record ids that rise with time: prefix, underscore, milliseconds in base 36, then random letters. Two ids of the same
 * millisecond keep their order by a counter.
 */
export function createRecordIds({
  now,
  random,
}: {
  now: () => number
  random: RandomSource
}): (prefix: string) => string {
  let lastAt = 0
  let count = 0
  return (prefix) => {
    const at = now()
    // A clock that is set back must not make ids fall.
    if (at > lastAt) {
      lastAt = at
      count = 0
    } else count += 1
    const tail = Buffer.from(random(6)).toString('hex')
    return `${prefix}_${lastAt.toString(36).padStart(9, '0')}${count.toString(36).padStart(3, '0')}${tail}`
  }
}
