import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { ReactNode } from 'react'
import type { MonitorKind, Reference } from '../../../../contract/finding.ts'
import type { Json, Window } from '../../../../contract/primitives.ts'
import { describeQualification } from '../../../../contract/qualification.ts'
import type { DetailOf, StoredReport } from '../../../../contract/report.ts'
import { hasEnded } from '../../../data/jobs.ts'
import { formatDuration, formatInstant, formatRelative } from '../../../widgets/format.ts'
import { Headline } from '../../../widgets/Headline.tsx'
import { Progress } from '../../../widgets/Progress.tsx'
import { Empty, ErrorState, Loading, Stale } from '../../../widgets/States.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { monitorKinds } from '../../shared/words.ts'
import { type DeployedView, useDeployedView } from '../model-view.ts'
import { type ReportState, useReport } from './use-report.ts'

export type ReportPanelProps<K extends MonitorKind> = {
  kind: K
  /** Beyond the defaults, for a question that needs more. */
  parameters?: Record<string, Json>
  /** Whether the question compares with something that can be chosen. */
  comparable?: boolean
  /** More to set before asking. */
  settings?: ReactNode
  /** What can be shown even before the question was asked. */
  withoutAnswer?: ReactNode
  children: (detail: DetailOf<K>, stored: StoredReport) => ReactNode
}

/** Answers older than this are said to be: monitors ask daily by default. */
const freshMs = 26 * 3_600_000

/** A question about the deployment: its newest answer with window, age and reference, and a way to ask it now. */
export function ReportPanel<K extends MonitorKind>(props: ReportPanelProps<K>) {
  const { kind, parameters, children } = props
  const view = useDeployedView()
  const target = { type: 'deployment' as const, id: view.deployment.id }
  const report = useReport(kind, target, view.window, parameters)
  const { stored, asking } = report
  return (
    <Box component="section" aria-label={monitorKinds[kind].word} sx={{ display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1.5 }}>
        <Box sx={{ flex: 1, minWidth: 280, typography: 'body2', color: 'text.secondary' }}>
          {stored === null ? monitorKinds[kind].asks : <Provenance stored={stored} view={view} />}
        </Box>
        {props.settings}
        {props.comparable && <ReferencePicker view={view} report={report} />}
        <GuardedButton
          method="reports.run"
          variant={stored === null ? 'contained' : 'outlined'}
          whyNot={asking.isBusy ? 'The question is being answered' : null}
          onClick={report.ask}
        >
          Ask about this window
        </GuardedButton>
      </Box>
      {asking.isBusy && (
        <Progress
          label={`Answering: ${monitorKinds[kind].asks}`}
          done={asking.job?.progress ?? null}
          detail={asking.job?.message}
          onCancel={asking.job !== null && !hasEnded(asking.job) ? asking.cancel : undefined}
        />
      )}
      {asking.problem !== null && <ErrorState title="The question could not be answered" message={asking.problem} />}
      <ReportBody {...props} report={report} view={view}>
        {children}
      </ReportBody>
    </Box>
  )
}

function ReportBody<K extends MonitorKind>({
  kind,
  report,
  view,
  withoutAnswer,
  children,
}: ReportPanelProps<K> & { report: ReportState; view: DeployedView }) {
  const { stored } = report
  if (report.problem !== null) return <ErrorState message={report.problem} onRetry={report.retry} />
  if (report.isLoading) return <Loading rows={6} label={`Loading ${monitorKinds[kind].word}`} />
  if (stored === null) {
    return (
      <>
        <Empty
          title="This question has not been asked yet"
          hint="A monitor asks it on schedule; you can ask it now about the window above."
        />
        {withoutAnswer}
      </>
    )
  }
  const { report: answer, at } = stored
  // The report's kind was asked for; the service answers each kind with its own detail.
  const detail = answer.detail as DetailOf<K>
  return (
    <>
      {view.nowAt - at > freshMs && (
        <Stale lastAt={at} nowAt={view.nowAt} reason="No monitor has answered since: ask again for the present." />
      )}
      <Headline
        label={`${monitorKinds[kind].word} in a sentence`}
        status={answer.headline.status}
        text={answer.headline.text}
      />
      {children(detail, stored)}
    </>
  )
}

/** When, of what and against what it was answered: an answer is never shown as newer than it is. */
function Provenance({ stored, view }: { stored: StoredReport; view: DeployedView }) {
  const { report, at } = stored
  const parts = [
    `Answered ${formatRelative(at, view.nowAt)} (${formatInstant(at)} UTC) in ${formatDuration(stored.durationMs)} ${stored.monitorId === null ? 'by hand' : 'by a monitor'}`,
    `window ${windowText(report.window)}`,
    referenceText(report.reference, view),
    report.qualification === undefined
      ? `engine ${report.engine}`
      : describeQualification(report.engine, report.qualification),
  ]
  return (
    <>
      {parts.filter((part) => part !== null).join(' · ')}
      <Box component="span" sx={{ display: 'block', color: 'text.primary' }}>
        {windowRemark(report.window, view)}
      </Box>
    </>
  )
}

function windowText({ from, to }: Window): string {
  return `${formatInstant(from)} to ${formatInstant(to)} UTC`
}

function referenceText(reference: StoredReport['report']['reference'], { datasets }: DeployedView): string | null {
  if (reference === null) return null
  if ('window' in reference) return `against ${windowText(reference.window)}`
  const name = datasets.find(({ digest }) => digest === reference.datasetDigest)?.name
  return `against ${name ?? `data set ${reference.datasetDigest.slice(0, 8)}`}`
}

/** Says why the window answered is not the one chosen: the version has not run for so long, or another was asked about. */
function windowRemark(answered: Window, { window, deployment, version }: DeployedView): string | null {
  // What came before the first version was recorded counts as its own.
  const runsSince = deployment.history.length > 1 ? (deployment.history.at(-1)?.from ?? 0) : 0
  if (isAlike(answered, window) && runsSince <= window.from) return null
  const ofVersion = { from: Math.max(window.from, runsSince), to: window.to }
  return isAlike(answered, ofVersion)
    ? `Only of ${version.name}, which runs since ${formatInstant(runsSince)} UTC.`
    : 'This is not the window chosen above: ask to see that one.'
}

/** Windows count as the same when both ends lie within a tenth of the length: presets move on with time. */
function isAlike(left: Window, right: Window): boolean {
  const tolerance = (right.to - right.from) / 10
  return Math.abs(left.from - right.from) <= tolerance && Math.abs(left.to - right.to) <= tolerance
}

function ReferencePicker({ view, report }: { view: DeployedView; report: ReportState }) {
  const lengthMs = Math.max(3_600_000, view.window.to - view.window.from)
  const choices: { id: string; name: string; reference: Reference }[] = [
    { id: 'default', name: 'Reference of the version', reference: { kind: 'default' } },
    { id: 'previous', name: 'The span before', reference: { kind: 'previous', lengthMs } },
    ...view.datasets.map(({ id, name }) => ({ id, name, reference: { kind: 'dataset' as const, datasetId: id } })),
  ]
  const { reference } = report
  const chosen = reference.kind === 'dataset' ? reference.datasetId : reference.kind
  return (
    <TextField
      select
      label="Compare with"
      value={chosen}
      sx={{ minWidth: 190 }}
      onChange={(event) =>
        report.setReference(choices.find(({ id }) => id === event.target.value)?.reference ?? { kind: 'default' })
      }
    >
      {choices.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
