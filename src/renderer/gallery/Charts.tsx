import Box from '@mui/material/Box'
import { Chart } from '../charts/Chart.tsx'
import { confusion } from '../charts/confusion.ts'
import { distribution } from '../charts/distribution.ts'
import { intervalBars, intervalBarsHeight } from '../charts/interval-bars.ts'
import { timeSeries } from '../charts/time-series.ts'
import { Section } from '../widgets/Section.tsx'
import { accuracySeries, bellShares, breachFrom, retrainedAt, temperatureSeries, week } from './data.ts'

const actions = [{ at: retrainedAt, label: 'retrained' }]

const accuracy = timeSeries({
  measure: 'Accuracy',
  window: week,
  lines: [{ name: 'accuracy', ...accuracySeries() }],
  limits: [{ value: 0.9, label: 'limit 0.90' }],
  breaches: [{ from: breachFrom, to: retrainedAt, label: 'below the limit' }],
  actions,
  zoomable: true,
})

const telemetry = timeSeries({
  measure: 'Temperature',
  unit: '°C',
  window: week,
  lines: [
    { name: 'camera-1', points: temperatureSeries(1, 24, 5) },
    { name: 'park median', points: temperatureSeries(2, 21, 4), role: 'reference' },
    { name: 'camera-2', points: temperatureSeries(5, 18, 3), role: 'extra' },
  ],
  limits: [{ value: 35, label: 'limit 35 °C' }],
  actions,
  zoomable: true,
})

const numeric = distribution({
  kind: 'numeric',
  name: 'brightness',
  edges: Float64Array.from({ length: 25 }, (_, edge) => edge * 10),
  reference: bellShares(24, 14, 5),
  current: bellShares(24, 8, 4),
  n: { reference: 12_040, current: 1_204 },
})

const categorical = distribution({
  kind: 'categorical',
  name: 'breed',
  categories: ['beagle', 'siamese', 'labrador', 'maine coon', 'never seen before'],
  reference: Float64Array.of(0.31, 0.27, 0.24, 0.18, 0),
  current: Float64Array.of(0.22, 0.21, 0.25, 0.12, 0.2),
  n: { reference: 12_040, current: 1_204 },
})

const matrix = confusion({
  classes: ['cat', 'dog', 'none'],
  counts: Float64Array.of(480, 96, 4, 22, 570, 8, 3, 6, 140),
})

const rates = intervalBars({
  measure: 'True positive rate',
  unit: 'percent',
  range: [0.5, 1],
  rows: [
    { name: 'day', estimate: { value: 0.957, n: 1204, interval: [0.944, 0.967] }, reference: 0.95 },
    { name: 'dusk', estimate: { value: 0.912, n: 316, interval: [0.876, 0.939] }, reference: 0.94 },
    { name: 'night', estimate: { value: 0.78, n: 188, interval: [0.716, 0.833] }, reference: 0.93, breach: true },
    { name: 'rain', estimate: { value: null, n: 9, interval: null, note: 'insufficient: 30 needed' } },
  ],
  limits: [{ value: 0.85, label: 'limit 85 %' }],
})

export function Charts() {
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(420px, 1fr))' }}>
      <Box sx={{ gridColumn: '1 / -1', display: 'grid', gap: 2 }}>
        <Section title="Accuracy" note="Hourly, 95 % interval, event time in UTC">
          <Chart spec={accuracy} group="gallery" height={210} />
        </Section>
        <Section title="Temperature" note="One cursor with the chart above">
          <Chart spec={telemetry} group="gallery" height={200} />
        </Section>
      </Box>
      <Section title="Brightness" note="Share of samples by bin">
        <Chart spec={numeric} />
      </Section>
      <Section title="Breed" note="Share of samples by category">
        <Chart spec={categorical} />
      </Section>
      <Section title="Confusion">
        <Chart spec={matrix} height={250} />
      </Section>
      <Section title="True positive rate by light" note="Wilson interval at 95 %; grey tick: reference">
        <Chart spec={rates} height={intervalBarsHeight(4)} />
      </Section>
    </Box>
  )
}
