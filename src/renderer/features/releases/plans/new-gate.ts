import type { SchemaSpec } from '../../../../contract/model.ts'
import type { Gate } from '../../../../contract/release.ts'

/** As much of the model as decides what a gate begins with. */
export type GateGround = Pick<SchemaSpec, 'task' | 'positiveClass' | 'columns'> | null

const groupsOf = (ground: GateGround) =>
  (ground?.columns ?? []).filter(({ isGroup }) => isGroup).map(({ name }) => name)

/** A gate of a kind with limits to begin with, under an id that no other gate has. */
export function newGate(kind: Gate['kind'], taken: readonly string[], ground: GateGround): Gate {
  const gate = defaultsOf(kind, ground)
  return { ...gate, id: freeId(gate.id, taken) }
}

function freeId(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  let number = 2
  while (taken.includes(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}

function defaultsOf(kind: Gate['kind'], ground: GateGround): Gate {
  const isRegression = ground?.task === 'regression'
  switch (kind) {
    case 'metric':
      return {
        id: isRegression ? 'r2' : 'accuracy',
        title: isRegression ? 'Explained variance on the test set' : 'Accuracy on the test set',
        kind,
        metric: isRegression ? 'r2' : 'accuracy',
        limit: isRegression ? 0.5 : 0.8,
        direction: 'at-least',
        usesInterval: !isRegression,
        maxLossAgainstProduction: isRegression ? 0.05 : 0.02,
      }
    case 'fairness': {
      const group = groupsOf(ground)[0] ?? ''
      return {
        id: 'fairness',
        title:
          group === ''
            ? 'Groups are treated alike'
            : `${isRegression ? 'Errors' : 'Accuracy'} alike for every ${group}`,
        kind,
        groupColumns: group === '' ? [] : [group],
        ...(isRegression
          ? { measure: 'maeRatio', limit: 0.8, direction: 'at-least' }
          : { measure: 'accuracyDifference', limit: 0.1, direction: 'at-most' }),
        minimumGroupSize: 30,
      }
    }
    case 'worst-slice':
      return { id: 'worst-slice', title: 'No slice fails often', kind, maxErrorRate: 0.3, minCoverage: 0.05 }
    case 'determinism':
      return { id: 'same-twice', title: 'Same input, same output', kind, samples: 30, tolerance: 1e-6 }
    case 'perturbation':
      return {
        id: 'small-noise',
        title: 'Small noise changes little',
        kind,
        samples: 100,
        epsilon: 0.02,
        maxFlipShare: 0.05,
        seed: 1,
      }
    case 'missing-inputs':
      return { id: 'missing-inputs', title: 'Copes with missing inputs', kind, samples: 20 }
    case 'latency':
      return {
        id: 'latency',
        title: 'Quick under load',
        kind,
        requestsPerSecond: 20,
        durationMs: 5000,
        quantile: 0.95,
        limitMs: 250,
        maxErrorShare: 0,
      }
  }
}

/** The gates that a new plan begins with: one of each kind that fits the model. */
export function defaultGates(ground: GateGround): Gate[] {
  const kinds: Gate['kind'][] = ['metric', 'worst-slice', 'determinism', 'perturbation', 'missing-inputs', 'latency']
  const gates = kinds.map((kind) => newGate(kind, [], ground))
  if (groupsOf(ground).length === 0) return gates
  return [gates[0], newGate('fairness', [], ground), ...gates.slice(1)]
}
