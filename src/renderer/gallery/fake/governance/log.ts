import type { AuditEntry, Checkpoint } from '../../../../contract/audit.ts'
import { fromHex, leafHashOf, sha256, toHex } from '../../../features/shared/proof/hash.ts'
import { digestOf, hourMs, nowAt } from '../park.ts'
import { people } from './people.ts'

type Draft = {
  action: string
  who: number | null
  subject: AuditEntry['subject']
  reason: string | null
  ageHours: number
}

const release = { kind: 'release', id: 'rel_3', name: 'Cat or dog 1.4.0' }
const accuracyAlert = { kind: 'alert', id: 'alt_accuracy', name: 'Accuracy below its limit' }
const drafts: Draft[] = [
  ...Array.from({ length: 30 }, (_, index) => ({
    action: index % 3 === 0 ? 'session.signIn' : index % 3 === 1 ? 'monitors.save' : 'review.label',
    who: index % 5,
    subject: null,
    reason: null,
    ageHours: 600 - index * 17,
  })),
  {
    action: 'thresholds.save',
    who: 0,
    subject: { kind: 'thresholdSet', id: 'thr_1', name: 'cat-dog' },
    reason: 'Agreed with the park',
    ageHours: 80,
  },
  { action: 'system.alertOpened', who: null, subject: accuracyAlert, reason: null, ageHours: 38 },
  { action: 'alerts.acknowledge', who: 1, subject: accuracyAlert, reason: null, ageHours: 31 },
  {
    action: 'actions.start',
    who: 1,
    subject: accuracyAlert,
    reason: 'Frames are tilted since the knock',
    ageHours: 28,
  },
  { action: 'releases.submit', who: 2, subject: release, reason: 'Retrained on tilted frames', ageHours: 20 },
  { action: 'releases.runTests', who: 2, subject: release, reason: null, ageHours: 19 },
  {
    action: 'releases.certify',
    who: 0,
    subject: release,
    reason: 'All gates passed; night frames looked at by hand',
    ageHours: 3,
  },
]

const certified = { decision: 'certified', testRunId: 'trn_2', certificateId: 'crt_3' }

const entries = drafts.map(({ action, who, subject, reason, ageHours }, index): AuditEntry => {
  const person = who === null ? null : people[who]
  return {
    index,
    at: nowAt - ageHours * hourMs,
    actor: { id: person?.id ?? null, name: person?.name ?? 'Assay', roles: person?.roles ?? [] },
    action,
    subject,
    reason,
    details: action === 'releases.certify' ? certified : {},
    changes:
      subject === null
        ? []
        : [{ kind: subject.kind, id: subject.id, revision: 3, before: digestOf(index), after: digestOf(index + 500) }],
  }
})

const split = (n: number) => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
async function rootOf(leaves: readonly string[]): Promise<string> {
  if (leaves.length === 1) return leaves[0]
  const k = split(leaves.length)
  const [left, right] = [await rootOf(leaves.slice(0, k)), await rootOf(leaves.slice(k))]
  return toHex(await sha256(Uint8Array.of(1), fromHex(left), fromHex(right)))
}
async function pathOf(index: number, leaves: readonly string[]): Promise<string[]> {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...(await pathOf(index, leaves.slice(0, k))), await rootOf(leaves.slice(k))]
    : [...(await pathOf(index - k, leaves.slice(k))), await rootOf(leaves.slice(0, k))]
}

export const logEntries = () =>
  Promise.all(entries.map(async (entry) => ({ entry, leafHash: await leafHashOf(entry) })))

export async function newestCheckpoint(): Promise<Checkpoint> {
  const leaves = (await logEntries()).map(({ leafHash }) => leafHash)
  const rootHash = await rootOf(leaves)
  return {
    size: leaves.length,
    rootHash,
    at: nowAt - 3 * hourMs,
    note: `assay.local/park\n${leaves.length}\n${btoa(String.fromCharCode(...fromHex(rootHash)))}\n\n— assay.local/park mADeInTheGaLLeRy==\n`,
  }
}

export async function proofOf(index: number) {
  const all = await logEntries()
  const leaves = all.map(({ leafHash }) => leafHash)
  return { ...all[index], checkpoint: await newestCheckpoint(), path: await pathOf(index, leaves), isIncluded: true }
}
