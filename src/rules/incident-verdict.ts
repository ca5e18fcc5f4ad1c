import type { Alert } from '../contract/alert.ts'
import type { Finding } from '../contract/finding.ts'
import type { IncidentKind, IncidentVerdict } from '../contract/incident-verdict.ts'
import type { Window } from '../contract/primitives.ts'
import { formatInstant, formatList } from './format.ts'

/** What is known of a deployment and the device that feeds it. */
export interface IncidentState {
  /** Alerts of the deployment and of its device, whatever their state. */
  readonly alerts: readonly Alert[]
  /** The newest findings of the deployment: what was judged at all. */
  readonly findings: readonly Finding[]
  /** Instants at which another version began to answer. */
  readonly versionChanges: readonly { readonly at: number; readonly name: string }[]
  /** Whether a device is known to feed it. */
  readonly hasDevice: boolean
  readonly window: Window
  readonly now: number
}

/** Questions about a deployment whose breach is something to explain. */
const symptomKinds = new Set<Alert['kind']>(['integrity', 'drift', 'performance', 'bias', 'fairness', 'errors'])
/** Device numbers that make no reading wrong: those that look ahead, silence, and what is merely unusual. */
const harmless = new Set([
  'daysToLimit',
  'trend',
  'gaps',
  'silentForMs',
  'flaps',
  'jitter',
  'anomalies',
  'jointAnomalies',
])
/** Faults that say most about wrong readings first. */
const telling = [/stuck/, /saturated|replayed|physics|clock/, /shift/, /range/i]
/** A symptom's beginning is known no better than the window of the question that found it. */
const slackMs = 86_400_000

/** Columns that come out of the model, whose drift says nothing of the world. */
const isOutcome = (column: string) => column === 'prediction' || column === 'label' || column.startsWith('score:')
const isInputDrift = ({ kind, subject }: Alert | Finding) =>
  kind === 'drift' && (subject.column === undefined || !isOutcome(subject.column))

const isSymptom = ({ target, kind }: Alert) => target.type === 'deployment' && symptomKinds.has(kind)

/**
 * Alerts, ordered by their beginning, as incidents: one that begins more than a day after all before it were over is of the next. What
 * is linked belongs together however long it was quiet.
 */
function incidentsOf(alerts: readonly Alert[], now: number): Alert[][] {
  const incidents: Alert[][] = []
  let lastsUntil = Number.NEGATIVE_INFINITY
  for (const alert of alerts) {
    const incident = incidents.at(-1)
    const isLinked = incident?.some(({ id }) => alert.linkedAlertIds.includes(id)) === true
    if (incident !== undefined && (alert.beganAt <= lastsUntil + slackMs || isLinked)) incident.push(alert)
    else incidents.push([alert])
    lastsUntil = Math.max(lastsUntil, alert.resolution?.at ?? now)
  }
  return incidents
}

/**
 * The likely nature of the last incident around a deployment in a window, from alerts that were active in it; null where there is
 * nothing to explain. A fault that was over for more than a day explains nothing that began afterwards. First the sensors, then the world, then the model, since each would show in the ones that follow:
 *
 * 1. `sensor-fault`: a fault of the device that feeds it, or of the integrity of its inputs, began no later than a day after the
 *    first symptom (a symptom's beginning is known no better), or is linked to a symptom as one incident;
 * 2. `population-shift`: inputs drifted, no later than a day after performance fell, and no sensor is at fault;
 * 3. `model-fault`: performance, errors, fairness or the predicted classes went wrong while no sensor is at fault and inputs were judged and
 *    have not drifted; a version that began within a day before is named;
 * 4. `unclear`: something went wrong, and nobody could say whether inputs drifted.
 *
 * "Likely", always: what is seen is order in time along a known wire, not a cause. O(alerts).
 */
export function judgeIncident(state: IncidentState): IncidentVerdict | null {
  const { window, now } = state
  const inWindow = state.alerts
    .filter((alert) => alert.beganAt < window.to && (alert.resolution?.at ?? now) > window.from)
    .sort((a, b) => a.beganAt - b.beganAt)
  const active = incidentsOf(inWindow, now).findLast((incident) => incident.some(isSymptom))
  if (active === undefined) return null
  const symptoms = active.filter(isSymptom)
  const firstAt = symptoms[0].beganAt
  // What is linked already was seen to begin in time, by windows that this rule does not know.
  const linked = new Set(symptoms.flatMap(({ linkedAlertIds }) => linkedAlertIds))
  const faults = active.filter(
    ({ id, target, kind, subject, beganAt }) =>
      (beganAt <= firstAt + slackMs || linked.has(id)) &&
      ((target.type === 'device' && kind === 'device' && !harmless.has(subject.metric)) ||
        isBrokenInput(kind, subject.metric)),
  )
  const deviceFaults = faults.filter(({ target }) => target.type === 'device')
  const drifts = symptoms.filter(isInputDrift)
  const failures = symptoms.filter((alert) => alert.kind !== 'integrity' && !isInputDrift(alert))
  const inTime = drifts.filter(({ beganAt }) => failures.length === 0 || beganAt <= failures[0].beganAt + slackMs)

  const noFault = state.hasDevice ? 'no sensor was at fault when it began' : 'no device is known to feed it'
  const say = (kind: IncidentKind, causes: readonly Alert[], text: string, ruledOut: readonly string[]) =>
    verdictOf(kind, causes, symptoms, text, ruledOut, state)

  if (faults.length > 0) {
    const causes = (deviceFaults.length > 0 ? deviceFaults : faults).toSorted((a, b) => rankOf(a) - rankOf(b))
    const rest = symptoms.filter((alert) => !causes.includes(alert))
    const then = rest.length === 0 ? '' : `, then ${titles(rest)}`
    return say('sensor-fault', causes, `${titles(causes)}${then}`, [
      ...(drifts.length > 0 ? ['drift of inputs that rest on a faulty sensor is no change of the world'] : []),
    ])
  }
  if (inTime.length > 0) {
    const damage = failures.length === 0 ? ', and no number of the model has failed' : `, then ${titles(failures)}`
    return say('population-shift', inTime, `${titles(inTime)}${damage}`, [noFault])
  }
  if (failures.length === 0) return null
  const judgedDrift = drifts.length > 0 || state.findings.some((finding) => isInputDrift(finding) && isJudged(finding))
  if (!judgedDrift)
    return say('unclear', [], `${titles(failures)}, and whether its inputs have drifted could not be judged`, [noFault])
  const began = failures[0].beganAt
  const version = state.versionChanges.filter(({ at }) => at <= began && at > began - slackMs).at(-1)
  const since = version === undefined ? '' : `; version ${version.name} began at ${formatInstant(version.at, now)}`
  const late = drifts.length > 0 ? 'inputs drifted only afterwards' : 'inputs are distributed as in the reference'
  return say('model-fault', failures, `${titles(failures)}${since}`, [noFault, late])
}

const rankOf = ({ subject }: Alert) => {
  const rank = telling.findIndex((pattern) => pattern.test(subject.metric))
  return rank < 0 ? telling.length : rank
}

const isJudged = ({ status }: Finding) => status !== 'insufficient'

/** Inputs that are missing, of the wrong type or impossible are a fault on the way to the model; new categories may be the world. */
const brokenInputs = new Set(['missingShare', 'wrongTypeShare', 'outOfRangeShare', 'missingColumns'])
const isBrokenInput = (kind: Alert['kind'], metric: string) => kind === 'integrity' && brokenInputs.has(metric)

const titles = (alerts: readonly Alert[]) => formatList([...new Set(alerts.map(({ title }) => title))], 3)

const words: Record<IncidentKind, string> = {
  'sensor-fault': 'Likely a sensor fault',
  'population-shift': 'Likely a shift of the population',
  'model-fault': 'Likely a fault of the model',
  unclear: 'Not yet clear what it is',
}

function verdictOf(
  kind: IncidentKind,
  causes: readonly Alert[],
  symptoms: readonly Alert[],
  text: string,
  ruledOut: readonly string[],
  { now }: IncidentState,
): IncidentVerdict {
  const evidence = [
    ...causes.map((alert) => ({ alert, role: 'cause' as const })),
    ...symptoms.filter((alert) => !causes.includes(alert)).map((alert) => ({ alert, role: 'symptom' as const })),
  ].sort((a, b) => a.alert.beganAt - b.alert.beganAt)
  const since = evidence[0].alert.beganAt
  return {
    kind,
    since,
    sentence: `${words[kind]} since ${formatInstant(since, now)}: ${text}.`,
    evidence: evidence.map(({ alert, role }) => ({
      at: alert.beganAt,
      role,
      title: alert.title,
      path: `/alerts/${alert.id}`,
    })),
    ruledOut: [...ruledOut],
  }
}
