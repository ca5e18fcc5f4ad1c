import type { IncomingSample } from '../../contract/intake.ts'
import type { Store } from '../../store/store.ts'

export interface ReportedVersion {
  readonly versionId: string
  /** Event time of the newest sample of this version by this device. */
  readonly at: number
}

/** How far back the newest samples are looked at when the console starts, and how many of each deployment. */
const lookBackMs = 7 * 86_400_000
const lookBackSamples = 500

/** The version that each device runs by its own account: that of its newest sample. In memory; begun from the newest stored samples. */
export function createReportedVersions(store: Pick<Store, 'records' | 'samples'>, now: () => number) {
  const reported = new Map<string, ReportedVersion>()

  function note(deviceId: string | null, versionId: string, at: number): void {
    if (deviceId === null) return
    const before = reported.get(deviceId)
    if (before === undefined || at >= before.at) reported.set(deviceId, { versionId, at })
  }

  return {
    async load(): Promise<void> {
      const window = { from: Math.max(0, now() - lookBackMs), to: now() + 86_400_000 }
      for (const { record } of await store.records.list('deployment')) {
        const page = await store.samples.list(
          { deploymentId: record.id, window },
          { limit: lookBackSamples, cursor: null },
        )
        for (const { deviceId, versionId, at } of page.items) note(deviceId, versionId, at)
      }
    },
    noteSamples(samples: readonly IncomingSample[]): void {
      for (const { sample } of samples) note(sample.deviceId, sample.versionId, sample.at)
    },
    of: (deviceId: string): ReportedVersion | null => reported.get(deviceId) ?? null,
  }
}
