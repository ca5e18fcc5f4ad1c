import type { Binning, Profile } from '../../contract/profile.ts'
import type { ProfileFold, ProfileStore } from '../store.ts'
import type { Binnings } from './binnings.ts'
import type { Connection } from './database.ts'
import { compareProfiles } from './profile-comparison.ts'
import { makeProfileSpans } from './profile-spans.ts'
import { hourMs, hourOf, type ProfileWriter } from './profile-writer.ts'
import { always, type SampleScan } from './sample-scan.ts'
import type { Symbols } from './symbols.ts'

/** Hourly profiles as the port gives them. `writer` is null in a reader. */
export function makeProfiles(
  connection: Connection,
  symbols: Symbols,
  binnings: Binnings,
  fold: ProfileFold,
  scan: SampleScan,
  writer: ProfileWriter | null,
): ProfileStore {
  const { db } = connection
  const spans = makeProfileSpans(connection, fold)
  const inWindow = db
    .prepare<[number, number, number], string>(
      'SELECT body FROM profile WHERE deployment = ? AND hour >= ? AND hour < ? ORDER BY hour, version',
    )
    .pluck()
  const ofVersion = db
    .prepare<[number, number, number, number], string>(
      'SELECT body FROM profile WHERE deployment = ? AND hour >= ? AND hour < ? AND version = ? ORDER BY hour',
    )
    .pluck()
  const activityRows = db.prepare<[number, number, number], { hour: number; n: number; labelled: number }>(
    `SELECT hour, sum(n) AS n, sum(labelled) AS labelled FROM profile INDEXED BY profile_activity
     WHERE deployment = ? AND hour >= ? AND hour < ? GROUP BY hour ORDER BY hour`,
  )
  const versionsIn = db
    .prepare<[number, number, number], number>(
      'SELECT DISTINCT version FROM profile WHERE deployment = ? AND hour >= ? AND hour < ? ORDER BY version',
    )
    .pluck()
  const floorOf = db.prepare<[number], number>('SELECT at FROM retention_floor WHERE deployment = ?').pluck()
  const deployments = db.prepare<[number], number>('SELECT DISTINCT deployment FROM profile WHERE version = ?').pluck()

  /** The first whole hour whose raw samples are all still there. */
  function firstWholeHour(deployment: number): number {
    const floor = floorOf.get(deployment)
    return floor === undefined ? 0 : hourOf(floor + 3_600_000 - 1)
  }

  /** Profiles anew from the raw samples that are complete, by version and hour. */
  function recount(deployment: number, versionId: string | null, from: number): Map<string, Profile> {
    const profiles = new Map<string, Profile>()
    scan.each(deployment, { from, to: always.to }, (_, sample) => {
      if (versionId !== null && sample.versionId !== versionId) return
      const hour = hourOf(sample.at)
      const key = `${sample.versionId} ${hour}`
      const binning = binnings.get(sample.versionId)
      let profile = profiles.get(key)
      if (profile === undefined) {
        profile = fold.empty({ deploymentId: sample.deploymentId, versionId: sample.versionId, hour }, binning)
        profiles.set(key, profile)
      }
      fold.addSample(profile, sample, binning)
      if (sample.label !== null) fold.addLabel(profile, sample, sample.label, null, binning)
    })
    return profiles
  }

  function read(deployment: number, from: number, to: number, version: number | null): Profile[] {
    const bodies = version === null ? inWindow.all(deployment, from, to) : ofVersion.all(deployment, from, to, version)
    return bodies.map((body) => JSON.parse(body))
  }

  function check(deployment: number): string[] {
    const from = firstWholeHour(deployment)
    const counted = recount(deployment, null, from)
    const faults: string[] = []
    for (const profile of read(deployment, from, always.to, null)) {
      const key = `${profile.versionId} ${profile.hour}`
      const other = counted.get(key)
      counted.delete(key)
      const name = `${profile.versionId} at ${new Date(profile.hour).toISOString()}`
      const found = other === undefined ? 'there are no samples' : compareProfiles(profile, other)
      if (found !== null) faults.push(`${name}: ${found}`)
    }
    for (const { versionId, hour } of counted.values())
      faults.push(`${versionId} at ${new Date(hour).toISOString()}: the profile is missing`)
    return [...faults, ...spans.faults(deployment, compareProfiles)]
  }

  function rebin(binning: Binning, writes: ProfileWriter): void {
    binnings.set(binning)
    writes.forget()
    for (const deployment of deployments.all(symbols.ref(binning.versionId))) {
      const profiles = recount(deployment, binning.versionId, firstWholeHour(deployment))
      for (const profile of profiles.values()) writes.put(profile)
    }
  }

  return {
    read: async ({ deploymentId, window, versionId }) =>
      connection.read(() => {
        const deployment = symbols.find(deploymentId)
        const version = versionId === undefined ? null : (symbols.find(versionId) ?? -1)
        return deployment === null ? [] : read(deployment, hourOf(window.from), window.to, version)
      }),
    sum: async ({ deploymentId, window, versionId, parts = 'all' }) =>
      connection.read(() => {
        const deployment = symbols.find(deploymentId)
        if (deployment === null) return null
        // Hours are whole, so the window is widened to them.
        const [from, to] = [hourOf(window.from), hourOf(window.to + hourMs - 1)]
        const version = versionId === undefined ? null : symbols.find(versionId)
        const versions =
          versionId === undefined ? versionsIn.all(deployment, from, to) : version === null ? [] : [version]
        const sums = versions.map((one) => spans.sum(deployment, one, { from, to }, parts))
        return fold.sum(sums.filter((sum) => sum !== null))
      }),
    makeSpans: async ({ most }) => {
      if (writer === null) throw new Error('The workspace is open for reading only')
      return connection.write(() => spans.make(most))
    },
    activity: async ({ deploymentId, window }) => {
      const deployment = symbols.find(deploymentId)
      return deployment === null ? [] : activityRows.all(deployment, hourOf(window.from), window.to)
    },
    binning: async (versionId) => binnings.get(versionId),
    setBinning: async (binning) => {
      if (writer === null) throw new Error('The workspace is open for reading only')
      connection.write(() => rebin(binning, writer))
    },
    check: async (deploymentId) =>
      connection.read(() => {
        const deployment = symbols.find(deploymentId)
        return deployment === null ? [] : check(deployment)
      }),
  }
}
