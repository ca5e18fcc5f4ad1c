import type { Window } from '../../contract/primitives.ts'
import type { Profile } from '../../contract/profile.ts'
import type { ProfileFold } from '../store.ts'
import type { Connection } from './database.ts'
import { hourMs } from './profile-writer.ts'

/** Lengths of the spans whose sums are kept, each some of the one before; the triggers on `profile` name them too. */
const lengths = [6 * hourMs, 24 * hourMs, 8 * 24 * hourMs, 64 * 24 * hourMs]
const longest = lengths[lengths.length - 1]

/** `outcomes` leaves out what profiles know of input columns, which is nearly all that there is to read. */
export type Parts = 'all' | 'outcomes'

/** Sums of stored hours over whole spans. */
export interface ProfileSpans {
  /** Sum of the hours of one version from a whole hour on to another; null when there are none. */
  sum(deployment: number, version: number, window: Window, parts: Parts): Profile | null
  /** Makes at most `most` spans that are missing and over; tells how many it made. In a write transaction. */
  make(most: number): number
  /** Spans that are not the sum of their hours. */
  faults(deployment: number, compare: (stored: Profile, counted: Profile) => string | null): string[]
}

/**
 * A span is the sum of the spans of the next smaller length in it, the smallest that of its hours, whether they are read from the
 * database or added up on the way: so a window has one answer, to the last digit, whatever has been made by then. A window
 * takes the largest spans that fit, so that years cost some dozens of rows.
 */
export function makeProfileSpans({ db }: Connection, fold: Pick<ProfileFold, 'sum'>): ProfileSpans {
  const statements = { all: prepare('body'), outcomes: prepare(`json_replace(body, '$.columns', json('{}'))`) }

  function prepare(body: string) {
    const hoursIn = db
      .prepare<[number, number, number, number], string>(
        `SELECT ${body} FROM profile WHERE deployment = ? AND hour >= ? AND hour < ? AND version = ? ORDER BY hour`,
      )
      .pluck()
    const spanAt = db
      .prepare<[number, number, number, number], string>(
        `SELECT ${body} FROM profile_span WHERE deployment = ? AND version = ? AND length = ? AND start = ?`,
      )
      .pluck()
    return { hoursIn, spanAt }
  }
  // The index is by hour before version, so each end is found by walking from it.
  const endOf = (order: 'ASC' | 'DESC') =>
    db
      .prepare<[number, number], number>(
        `SELECT hour FROM profile WHERE deployment = ? AND version = ? ORDER BY hour ${order} LIMIT 1`,
      )
      .pluck()
  const [firstHour, lastHour] = [endOf('ASC'), endOf('DESC')]

  /** Reads and adds up the profiles of one version. */
  function reading(deployment: number, version: number, parts: Parts) {
    const { hoursIn, spanAt } = statements[parts]
    const hours = (from: number, to: number): Profile[] =>
      hoursIn.all(deployment, from, to, version).map((body) => JSON.parse(body))

    function span(level: number, start: number): Profile | null {
      const body = spanAt.get(deployment, version, lengths[level], start)
      return body === undefined ? add(level, start) : JSON.parse(body)
    }

    /** From the next smaller spans. */
    function add(level: number, start: number): Profile | null {
      const to = start + lengths[level]
      if (level === 0) return fold.sum(hours(start, to))
      const parts: Profile[] = []
      for (let at = start; at < to; at += lengths[level - 1]) {
        const part = span(level - 1, at)
        if (part !== null) parts.push(part)
      }
      return fold.sum(parts)
    }

    return { hours, span, add }
  }

  function sum(deployment: number, version: number, { from, to }: Window, which: Parts): Profile | null {
    const [first, last] = [firstHour.get(deployment, version), lastHour.get(deployment, version)]
    if (first === undefined || last === undefined) return null
    const { hours, span } = reading(deployment, version, which)
    const parts: Profile[] = []
    const end = Math.min(to, last + hourMs)
    // From where the largest span that holds the first hour begins, so that no smaller ones are taken for it.
    for (let at = Math.max(from, first - (first % longest)); at < end; ) {
      const level = lengths.findLastIndex((length) => at % length === 0 && at + length <= to)
      if (level >= 0) {
        const part = span(level, at)
        if (part !== null) parts.push(part)
        at += lengths[level]
      } else {
        // Up to the next span, or to the end.
        const next = Math.min(end, at - (at % lengths[0]) + lengths[0])
        parts.push(...hours(at, next))
        at = next
      }
    }
    return fold.sum(parts)
  }

  const missing = db.prepare<{ length: number; most: number }, { deployment: number; version: number; start: number }>(
    `SELECT DISTINCT p.deployment, p.version, p.hour - p.hour % $length AS start FROM profile p
     WHERE p.hour - p.hour % $length + $length <= (SELECT max(hour) FROM profile WHERE deployment = p.deployment)
       AND NOT EXISTS (SELECT 1 FROM profile_span s WHERE s.deployment = p.deployment AND s.version = p.version
         AND s.length = $length AND s.start = p.hour - p.hour % $length)
     LIMIT $most`,
  )
  const put = db.readonly
    ? null
    : db.prepare<[number, number, number, number, string]>(
        'INSERT INTO profile_span (deployment, version, start, length, body) VALUES (?, ?, ?, ?, ?)',
      )
  const stored = db.prepare<[number], { version: number; start: number; length: number; body: string }>(
    'SELECT version, start, length, body FROM profile_span WHERE deployment = ? ORDER BY version, start, length',
  )

  return {
    sum,
    make(most) {
      let made = 0
      for (const [level, length] of lengths.entries())
        for (const { deployment, version, start } of missing.all({ length, most: most - made })) {
          const total = reading(deployment, version, 'all').add(level, start)
          if (total === null) continue
          put?.run(deployment, version, start, length, JSON.stringify(total))
          made += 1
        }
      return made
    },
    faults: (deployment, compare) =>
      stored.all(deployment).flatMap(({ version, start, length, body }) => {
        const counted = fold.sum(reading(deployment, version, 'all').hours(start, start + length))
        const found = counted === null ? 'there are no hours' : compare(JSON.parse(body), counted)
        const hours = length / hourMs
        return found === null ? [] : [`${hours} hours from ${new Date(start).toISOString()}: ${found}`]
      }),
  }
}
