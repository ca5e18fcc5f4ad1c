import type { SchemaSpec } from '../../contract/model.ts'
import type { Gate } from '../../contract/release.ts'

/**
 * Gates to begin with for a version of this schema: the usual questions with limits that a QA expert then makes their own. Groups
 * are asked about where the schema declares them, holes in the input where there is more than one input.
 */
export function defaultGates(schema: SchemaSpec): Gate[] {
  const { task, columns } = schema
  const inputs = columns.filter((column) => column.role === 'input')
  const groups = columns.filter((column) => column.isGroup).map((column) => column.name)
  const gates: Gate[] = []
  if (task === 'regression')
    gates.push({
      id: 'r2',
      title: 'Explained variance on the test set',
      kind: 'metric',
      metric: 'r2',
      limit: 0.5,
      direction: 'at-least',
      usesInterval: false,
      maxLossAgainstProduction: 0.05,
    })
  else
    gates.push({
      id: 'accuracy',
      title: 'Accuracy on the test set',
      kind: 'metric',
      metric: 'accuracy',
      limit: 0.8,
      direction: 'at-least',
      usesInterval: true,
      maxLossAgainstProduction: 0.02,
    })
  if (task === 'binary' && schema.positiveClass !== null) {
    gates.push({
      id: 'recall',
      title: `Recall of ${schema.positiveClass}`,
      kind: 'metric',
      metric: 'recall',
      limit: 0.75,
      direction: 'at-least',
      usesInterval: false,
      maxLossAgainstProduction: null,
    })
    groups.forEach((group, place) => {
      gates.push({
        id: `fairness-${place + 1}-${slug(group)}`,
        title: `Accuracy alike for every ${group}`.slice(0, 200),
        kind: 'fairness',
        measure: 'accuracyDifference',
        groupColumns: [group],
        limit: 0.15,
        direction: 'at-most',
        minimumGroupSize: 30,
      })
    })
  }
  gates.push(
    { id: 'worst-slice', title: 'No slice fails often', kind: 'worst-slice', maxErrorRate: 0.3, minCoverage: 0.05 },
    { id: 'same-twice', title: 'Same input, same output', kind: 'determinism', samples: 30, tolerance: 1e-6 },
    {
      id: 'small-noise',
      title: 'Small noise changes little',
      kind: 'perturbation',
      samples: 100,
      epsilon: 0.02,
      maxFlipShare: 0.05,
      seed: 1,
    },
  )
  if (inputs.length > 0)
    gates.push({
      id: 'missing-inputs',
      title: 'Copes with missing inputs',
      kind: 'missing-inputs',
      samples: Math.min(50, Math.max(5, inputs.length)),
    })
  gates.push({
    id: 'latency',
    title: 'Quick under load',
    kind: 'latency',
    requestsPerSecond: 20,
    durationMs: 5000,
    quantile: 0.95,
    limitMs: 250,
    maxErrorShare: 0,
  })
  return gates
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40) || 'group'
