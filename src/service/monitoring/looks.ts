import type { Monitor } from '../../contract/finding.ts'
import type { Deployment } from '../../contract/model.ts'
import type { Store } from '../../store/store.ts'

/** Counts how often a monitor has looked at the version that runs, so that its error budget is spent once. */
export interface Looks {
  /** The number of the next look, from 1. Each call counts. */
  next(monitor: Monitor, window: { readonly to: number }): Promise<number>
}

/** When the version began that runs at an instant; 0 for the first one, which may have samples older than its record. */
function versionBegan(deployment: Deployment | null, at: number): number {
  const starts = (deployment?.history ?? []).map(({ from }) => from).sort((a, b) => a - b)
  return starts.slice(1).findLast((from) => from < at) ?? 0
}

export function createLooks({ records, findings }: Pick<Store, 'records' | 'findings'>): Looks {
  const counted = new Map<string, { readonly since: number; looks: number }>()

  /** Findings of one number that every look gives, as many as there are looks; the largest where numbers come and go. */
  async function countStored({ id, kind, target }: Monitor, since: number): Promise<number> {
    const newest = (await findings.latest(target)).filter(
      (finding) => finding.kind === kind && finding.monitorId === id,
    )
    const preferred = newest.filter(({ subject }) => subject.metric === 'driftedShare')
    let most = 0
    for (const { subject } of (preferred.length > 0 ? preferred : newest).slice(0, 5)) {
      const window = { from: since, to: Number.MAX_SAFE_INTEGER }
      const series = await findings.series({ target, kind, subject, window })
      most = Math.max(most, series.filter((finding) => finding.monitorId === id).length)
    }
    return most
  }

  return {
    async next(monitor, { to }) {
      const deployment =
        monitor.target.type === 'deployment' ? await records.get('deployment', monitor.target.id) : null
      const since = versionBegan(deployment?.record ?? null, to)
      let known = counted.get(monitor.id)
      if (known?.since !== since) {
        known = { since, looks: await countStored(monitor, since) }
        counted.set(monitor.id, known)
      }
      known.looks += 1
      return known.looks
    },
  }
}
