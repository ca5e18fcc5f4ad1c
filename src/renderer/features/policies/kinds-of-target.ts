import type { MonitorKind, Target } from '../../../contract/finding.ts'

/** Questions that can be asked of each type of target. */
export const kindsOfTarget: Record<Target['type'], readonly MonitorKind[]> = {
  deployment: ['performance', 'drift', 'integrity', 'bias', 'fairness', 'errors', 'explanation'],
  device: ['device'],
  connection: ['endpoint'],
}

/** Limits of a deployment may speak of its endpoint too. */
export const limitKindsOf = (type: Target['type']): readonly MonitorKind[] =>
  type === 'deployment' ? [...kindsOfTarget.deployment, 'endpoint'] : kindsOfTarget[type]
