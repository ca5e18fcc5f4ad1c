import type { Gate } from '../../../../contract/release.ts'
import { monitorKinds } from '../../shared/words.ts'

/** One thing that can be set on a gate: where it stands in the gate, what it is called, and how it is typed. */
export type GateField = {
  name: string
  label: string
  help?: string
  input:
    | { type: 'number'; unit?: string; nullable?: boolean }
    | { type: 'choice'; choices: { id: string; label: string }[] }
    | { type: 'switch' }
    | { type: 'columns' }
}

const number = (name: string, label: string, help?: string, unit?: string): GateField => ({
  name,
  label,
  help,
  input: { type: 'number', unit },
})
const direction: GateField = {
  name: 'direction',
  label: 'It must be',
  input: {
    type: 'choice',
    choices: [
      { id: 'at-least', label: 'at least the limit' },
      { id: 'at-most', label: 'at most the limit' },
    ],
  },
}
const metricsOf = (kind: 'performance' | 'fairness') =>
  monitorKinds[kind].metrics.map(({ id, word }) => ({ id, label: word }))
const samples = number('samples', 'Samples', 'Rows of the test set that are asked')

/** What each kind of gate asks, and what can be set on it. */
export const gateForms: Record<Gate['kind'], { asks: string; fields: GateField[] }> = {
  metric: {
    asks: 'Is a number of performance good enough on the test set?',
    fields: [
      { name: 'metric', label: 'Metric', input: { type: 'choice', choices: metricsOf('performance') } },
      direction,
      number('limit', 'Limit'),
      {
        name: 'maxLossAgainstProduction',
        label: 'Largest loss against production',
        help: 'On the same rows; empty: not compared',
        input: { type: 'number', nullable: true },
      },
      {
        name: 'usesInterval',
        label: 'The whole interval must clear the limit',
        help: 'Safer, and needs more rows',
        input: { type: 'switch' },
      },
    ],
  },
  fairness: {
    asks: 'Are the groups treated alike?',
    fields: [
      { name: 'measure', label: 'Measure', input: { type: 'choice', choices: metricsOf('fairness') } },
      { name: 'groupColumns', label: 'Groups by columns', help: 'Separated by commas', input: { type: 'columns' } },
      direction,
      number('limit', 'Limit'),
      number('minimumGroupSize', 'Smallest group judged', 'Smaller groups are shown, not judged'),
    ],
  },
  'worst-slice': {
    asks: 'Is there a slice in which it fails often?',
    fields: [
      number('maxErrorRate', 'Largest error rate', 'Between 0 and 1'),
      number('minCoverage', 'Smallest share of rows', 'Slices smaller than this share are not judged'),
    ],
  },
  determinism: {
    asks: 'Does the same input give the same output twice?',
    fields: [samples, number('tolerance', 'Tolerance', 'By which scores may differ')],
  },
  perturbation: {
    asks: 'Do small changes of the input leave the prediction alone?',
    fields: [
      samples,
      number('epsilon', 'Size of the change', 'Share of a standard deviation, or of a pixel’s full scale'),
      number('maxFlipShare', 'Largest share of changed predictions', 'Between 0 and 1'),
      number('seed', 'Seed', 'The same seed draws the same changes'),
    ],
  },
  'missing-inputs': { asks: 'Does it cope when inputs are missing?', fields: [samples] },
  latency: {
    asks: 'Is it quick under a stated load?',
    fields: [
      number('requestsPerSecond', 'Requests a second'),
      number('durationMs', 'For', undefined, 'ms'),
      number('quantile', 'Quantile', '0.95: 95 of 100 answers must be quicker'),
      number('limitMs', 'Limit', undefined, 'ms'),
      number('maxErrorShare', 'Largest share of errors', 'Between 0 and 1'),
    ],
  },
}
