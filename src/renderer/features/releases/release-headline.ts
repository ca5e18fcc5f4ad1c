import type { OutputOf } from '../../../contract/api.ts'
import type { Headline } from '../../../contract/primitives.ts'
import type { TestRun } from '../../../contract/release.ts'
import { formatDate, formatInstant } from '../../widgets/format.ts'

export type ReleaseAnswer = OutputOf<'releases.get'>

export const newestRun = ({ release, runs }: ReleaseAnswer): TestRun | null =>
  runs.find(({ id }) => id === release.record.testRunIds.at(-1)) ?? null

/** Gates of a run that are not passed. */
export const openGates = (run: TestRun) => run.gates.filter(({ outcome }) => outcome !== 'passed')

/** Where the release stands and what it waits for. */
export function releaseHeadline(answer: ReleaseAnswer): Headline {
  const { release, modelName, versionName, fromVersionName, certificate, plan, userNames } = answer
  const { record } = release
  const name = `${modelName} ${versionName}`
  const run = newestRun(answer)
  const by = (id: string | undefined) => (id === undefined ? '' : ` by ${userNames[id] ?? id}`)
  const last = record.history.at(-1)
  const why = last === undefined || last.reason === '' ? '' : `: ${last.reason}`
  switch (record.state) {
    case 'draft':
      return run?.problem
        ? { status: 'warning', text: `${name} could not be tested: ${run.problem}` }
        : { status: 'unknown', text: `${name} waits to be tested against ${plan.record.gates.length} gates.` }
    case 'testing':
      return { status: 'unknown', text: `${name} is being tested against ${plan.record.gates.length} gates.` }
    case 'tested': {
      if (run === null) return { status: 'unknown', text: `${name} is tested.` }
      const open = openGates(run)
      if (open.length === 0)
        return { status: 'ok', text: `${name} passed all ${run.gates.length} gates; a QA expert can certify it.` }
      const named = open.slice(0, 3).map(({ title, outcome }) => `${title} (${outcome})`)
      const more = open.length > 3 ? ` and ${open.length - 3} more` : ''
      return {
        status: open.every(({ outcome }) => outcome === 'insufficient') ? 'insufficient' : 'breach',
        text: `${name} did not pass ${open.length} of ${run.gates.length} gates: ${named.join(', ')}${more}.`,
      }
    }
    case 'certified':
      return {
        status: 'ok',
        text: `${name} is certified${by(record.certification?.userId)}${
          certificate === null ? '' : `, valid until ${formatDate(certificate.predicate.validUntil)}`
        }; a product owner can approve it.`,
      }
    case 'approved':
      return {
        status: 'ok',
        text: `${name} is certified and approved${by(record.approval?.userId)}; it can go to production${
          fromVersionName === null ? '' : `, in the place of ${fromVersionName}`
        }.`,
      }
    case 'releasing':
      return { status: 'unknown', text: `${name} is on its way to production.` }
    case 'released':
      return { status: 'ok', text: `${name} is in production since ${formatInstant(last?.at)} UTC.` }
    case 'refused':
      return {
        status: 'breach',
        text: `${name} was refused${by(record.certification?.userId ?? last?.userId ?? undefined)}${why}.`,
      }
    case 'superseded':
      return { status: 'insufficient', text: `${name} was in production until another release took its place.` }
    case 'rolled-back':
      return {
        status: 'warning',
        text: `${name} was rolled back${fromVersionName === null ? '' : ` to ${fromVersionName}`}${why}.`,
      }
    case 'withdrawn':
      return { status: 'insufficient', text: `${name} was withdrawn${by(last?.userId ?? undefined)}${why}.` }
  }
}
