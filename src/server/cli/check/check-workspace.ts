import { makeProfileFold } from '../../../analysis/profile/fold.ts'
import type { Finding, Monitor } from '../../../contract/finding.ts'
import { monitorKind } from '../../../contract/finding.ts'
import type { Deployment } from '../../../contract/model.ts'
import { RpcError } from '../../../contract/rpc.ts'
import type { WorkspaceSettings } from '../../../contract/workspace.ts'
import { applyLimits, type JudgedFinding } from '../../../rules/limits.ts'
import { subjectName } from '../../../rules/subject.ts'
import { completeParameters } from '../../../service/monitoring/ask.ts'
import { currentFindings } from '../../../service/monitoring/current-findings.ts'
import { createLimits } from '../../../service/monitoring/limits-in-force.ts'
import { openSqliteReader } from '../../../store/sqlite/open.ts'
import type { Store } from '../../../store/store.ts'
import { CliFault, Negative } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import { formatInterval, formatTable, formatValue, type Output, type TableColumn, writeJson } from '../output.ts'
import { requireWorkspace, type WorkspaceOptions } from '../workspace.ts'
import { createInProcessWorkers } from './in-process-workers.ts'

export interface CheckWorkspaceOptions extends WorkspaceOptions {
  readonly deployment?: string[]
  readonly kind?: string[]
  readonly stored?: boolean
  readonly allowInsufficient?: boolean
  readonly all?: boolean
  readonly json?: boolean
}

/** A number as judged, and the monitor that asked for it. */
type Judged = Pick<Finding, keyof JudgedFinding> & { readonly monitor: string }

interface DeploymentVerdict {
  readonly deployment: string
  readonly findings: readonly Judged[]
  /** Monitors whose question cannot be asked, with the reason. */
  readonly unasked: readonly { monitor: string; reason: string }[]
}

/** What judging needs where nobody has changed the settings. */
const defaults: WorkspaceSettings['defaults'] = { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 }

/** Holds the deployments of a workspace against their limits, reading only. */
export async function checkWorkspace(
  question: string | undefined,
  options: CheckWorkspaceOptions,
  output: Output,
): Promise<void> {
  if (question !== undefined)
    throw new CliFault(
      `check: there is no check “${question}”${suggest(question, ['drift', 'performance', 'fairness', 'integrity', 'errors', 'workspace'])}`,
    )
  const kinds = options.kind ?? [...monitorKind.options]
  for (const kind of kinds)
    if (!monitorKind.options.some((known) => known === kind))
      throw new CliFault(`--kind: there is no kind “${kind}”${suggest(kind, monitorKind.options)}`)
  const path = requireWorkspace(options)
  const store = await openSqliteReader({ path, fold: makeProfileFold() }).catch((error: Error) => {
    throw new CliFault(`--workspace: ${error.message}`)
  })
  try {
    const verdicts: DeploymentVerdict[] = []
    for (const deployment of await chooseDeployments(store, options.deployment))
      verdicts.push(
        options.stored ? await readStored(store, deployment, kinds) : await askNow(store, deployment, kinds),
      )
    tell(verdicts, options, output)
  } finally {
    await store.close()
  }
}

async function chooseDeployments(store: Store, keys: readonly string[] | undefined): Promise<Deployment[]> {
  const all = (await store.records.list('deployment')).map(({ record }) => record)
  if (all.length === 0) throw new CliFault('the workspace has no deployments')
  if (keys === undefined) {
    const inProduction = all.filter(({ environment }) => environment === 'production')
    if (inProduction.length === 0) throw new CliFault('no deployment is in production; name one with --deployment')
    return inProduction
  }
  return keys.map((key) => {
    const found = all.find((deployment) => deployment.key === key)
    if (found === undefined)
      throw new CliFault(
        `--deployment: there is no deployment “${key}”${suggest(
          key,
          all.map((deployment) => deployment.key),
        )}`,
      )
    return found
  })
}

async function readStored(store: Store, deployment: Deployment, kinds: readonly string[]): Promise<DeploymentVerdict> {
  const latest = await store.findings.latest({ type: 'deployment', id: deployment.id })
  const findings = currentFindings(latest).filter(({ kind }) => kinds.includes(kind))
  if (findings.length === 0) throw new CliFault(`${deployment.key} has no stored findings of these kinds`)
  const names = new Map((await store.records.list('monitor')).map(({ record }) => [record.id, record.name]))
  return {
    deployment: deployment.key,
    findings: findings.map(({ id: _, monitorId, at: __, ...finding }) => ({
      ...finding,
      monitor: names.get(monitorId ?? '') ?? 'a question',
    })),
    unasked: [],
  }
}

async function askNow(store: Store, deployment: Deployment, kinds: readonly string[]): Promise<DeploymentVerdict> {
  const target = { type: 'deployment', id: deployment.id } as const
  const monitors = (await store.records.list('monitor'))
    .map(({ record }) => record)
    .filter(
      ({ target: of, kind, isEnabled }) =>
        of.type === 'deployment' && of.id === deployment.id && isEnabled && kinds.includes(kind),
    )
  if (monitors.length === 0) throw new CliFault(`${deployment.key} has no enabled monitor of these kinds`)
  const settings = (await store.records.get('settings', 'set_workspace'))?.record.defaults ?? defaults
  const workers = createInProcessWorkers(store)
  const limits = await createLimits({ store, workers }).inForce(target)
  const findings: Judged[] = []
  const unasked: { monitor: string; reason: string }[] = []
  for (const monitor of monitors) {
    const reply = await workers.run('analysis.ask', questionOf(monitor, settings))
    if (reply.type === 'refused') unasked.push({ monitor: monitor.name, reason: reply.sentence })
    else
      for (const draft of reply.report.findings)
        findings.push({
          ...applyLimits(draft, limits.limits, limits.thresholdSetId, settings),
          monitor: monitor.name,
        })
  }
  return { deployment: deployment.key, findings, unasked }
}

function questionOf(monitor: Monitor, settings: WorkspaceSettings['defaults']) {
  const { kind, target, reference, windowMs, delayMs, name } = monitor
  const now = Date.now()
  const to = Math.max(1, now - delayMs)
  try {
    const parameters = completeParameters(kind, monitor.parameters, settings)
    return { kind, target, reference, window: { from: Math.max(0, to - windowMs), to }, parameters, probes: [], now }
  } catch (error) {
    if (error instanceof RpcError) throw new CliFault(`monitor “${name}”: ${error.message}`)
    throw error
  }
}

function tell(verdicts: readonly DeploymentVerdict[], options: CheckWorkspaceOptions, output: Output): void {
  const all = verdicts.flatMap(({ findings }) => findings)
  const breaches = all.filter(({ status }) => status === 'breach').length
  const isEmpty = verdicts.some(({ findings }) => findings.every(({ status }) => status === 'insufficient'))
  const isPassed = breaches === 0 && (!isEmpty || options.allowInsufficient === true)
  const sentence =
    breaches > 0
      ? `${breaches} of ${all.length} numbers are past their limits`
      : isEmpty
        ? 'a deployment has nothing that can be judged'
        : `none of ${all.length} numbers is past its limit`
  for (const { deployment, unasked } of verdicts)
    for (const { monitor, reason } of unasked) output.err(`${deployment}: “${monitor}” was not asked: ${reason}`)
  if (options.json) writeJson(output, { passed: isPassed, sentence, deployments: verdicts })
  else output.out(`${isPassed ? 'PASSED' : 'FAILED'}  ${sentence}\n${tableOf(verdicts, options.all ?? false)}`)
  if (!isPassed) throw new Negative()
}

/** The numbers that are not well, worst first; the others are counted, unless all are wanted. */
function tableOf(verdicts: readonly DeploymentVerdict[], wantsAll: boolean): string {
  const rank = { breach: 0, warning: 1, insufficient: 2, ok: 3 }
  const numbers = verdicts.flatMap(({ deployment, findings }) => findings.map((finding) => ({ deployment, finding })))
  const shown = numbers
    .filter(({ finding }) => wantsAll || finding.status !== 'ok')
    .sort((a, b) => rank[a.finding.status] - rank[b.finding.status])
  const left = numbers.length - shown.length
  const rest = left > 0 ? `\n${left} numbers are ok; --all shows them\n` : ''
  if (shown.length === 0) return rest
  const rows = shown.map(({ deployment, finding }) => [
    finding.status,
    deployment,
    finding.monitor,
    subjectName(finding.subject),
    formatValue(finding.value),
    formatInterval(finding.interval),
    String(finding.n),
    finding.limit === null ? '-' : formatValue(finding.limit.breach),
  ])
  const columns: TableColumn[] = [
    { title: 'verdict' },
    { title: 'deployment' },
    { title: 'monitor' },
    { title: 'number' },
    { title: 'value', align: 'right' },
    { title: 'interval', align: 'right' },
    { title: 'n', align: 'right' },
    { title: 'limit', align: 'right' },
  ]
  return `\n${formatTable(columns, rows)}${rest}`
}
