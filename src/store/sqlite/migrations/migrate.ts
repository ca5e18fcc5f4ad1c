import type Database from 'better-sqlite3'
import { records } from './010-records.ts'
import { samples } from './020-samples.ts'
import { telemetry } from './030-telemetry.ts'
import { findings } from './040-findings.ts'
import { replays } from './050-replays.ts'
import { halves } from './060-halves.ts'
import { retiredIds } from './080-retired-ids.ts'
import { held } from './090-held.ts'
import { targets } from './100-targets.ts'
import { sequences } from './110-sequences.ts'
import { profileSpans } from './140-profile-spans.ts'
import { idRanges } from './150-id-ranges.ts'
import { findingsOfReports } from './170-findings-of-reports.ts'
import { entriesOfRecords } from './180-entries-of-records.ts'
import { sampleBlobs } from './190-sample-blobs.ts'

/** Forward only. A step that has been released is never edited; what comes later is a new step. */
const steps: readonly { number: number; sql: string }[] = [
  { number: 10, sql: records },
  { number: 20, sql: samples },
  { number: 30, sql: telemetry },
  { number: 40, sql: findings },
  { number: 50, sql: replays },
  { number: 60, sql: halves },
  { number: 80, sql: retiredIds },
  { number: 90, sql: held },
  { number: 100, sql: targets },
  { number: 110, sql: sequences },
  { number: 140, sql: profileSpans },
  { number: 150, sql: idRanges },
  { number: 170, sql: findingsOfReports },
  { number: 180, sql: entriesOfRecords },
  { number: 190, sql: sampleBlobs },
]

export const newestVersion = steps[steps.length - 1].number
/** Marks a database as ours (`application_id`): "assy". */
const applicationId = 0x61737379

/** Thrown when a folder holds a database that this program must not touch; the message is meant for a person. */
export class UnusableDatabaseError extends Error {
  override readonly name = 'UnusableDatabaseError'
}

/** The version of a database. Throws an UnusableDatabaseError when it is newer than this program or another's. */
export function readVersion(db: Database.Database, path: string): number {
  const id = db.pragma('application_id', { simple: true })
  const version = db.pragma('user_version', { simple: true }) as number
  if (id !== applicationId && (id !== 0 || version !== 0)) {
    throw new UnusableDatabaseError(`${path} is a database of another program.`)
  }
  if (version > newestVersion) {
    throw new UnusableDatabaseError(
      `The workspace ${path} was written by a newer version of Assay (its database has version ${version}, this program knows ${newestVersion}). Update Assay to open it; nothing was changed.`,
    )
  }
  return version
}

/** Brings a database to the newest version, each step and its mark in one transaction. */
export function migrate(db: Database.Database, path: string): void {
  const version = readVersion(db, path)
  for (const step of steps) {
    if (step.number <= version) continue
    db.transaction(() => {
      db.exec(step.sql)
      db.pragma(`application_id = ${applicationId}`)
      db.pragma(`user_version = ${step.number}`)
    }).immediate()
  }
}
