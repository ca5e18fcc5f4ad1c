import { useMemo, useState } from 'react'
import type { Task } from '../../../../contract/model.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { timeSeries } from '../../../charts/time-series.ts'
import { unitOfFinding } from '../../../data/numbers.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { formatCount, formatDuration } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { metricWord } from '../../shared/words.ts'
import { useDeployedView } from '../model-view.ts'
import { bucketMsOf } from './buckets.ts'
import { Choice } from './Choice.tsx'
import { IncidentPanel } from './IncidentPanel.tsx'
import { RankedTrend } from './RankedTrend.tsx'
import { estimatePoints, findingPoints, pairedPoints } from './series-lines.ts'
import { limitLines, marksOf, spansOf, type Timeline, useLimits, useTimeline } from './use-timeline.ts'
import { WhatHappened } from './WhatHappened.tsx'

/** The charts stand one above the other on one time axis. */
const gutter = 76

const metricsOf: Record<Task, string[]> = {
  binary: ['accuracy', 'precision', 'recall', 'f1'],
  multiclass: ['accuracy', 'macroF1'],
  regression: ['mae', 'rmse', 'r2'],
}

/** Performance, drift and telemetry on one time axis with one cursor, and what happened meanwhile. */
export function TrendCharts() {
  const { deployment, version, window } = useDeployedView()
  const timeline = useTimeline(deployment.id, window)
  const { ranking } = version.schema
  return (
    <>
      <IncidentPanel verdict={timeline.verdict ?? null} />
      {ranking ? (
        <RankedTrend ranking={ranking} timeline={timeline} gutter={gutter} />
      ) : (
        <PerformanceTrend timeline={timeline} />
      )}
      <DriftTrend timeline={timeline} />
      {deployment.deviceId !== null && <TelemetryTrend deviceId={deployment.deviceId} timeline={timeline} />}
      <WhatHappened timeline={timeline} />
    </>
  )
}

function PerformanceTrend({ timeline }: { timeline: Timeline }) {
  const { deployment, model, window } = useDeployedView()
  const [named, setMetric] = useSearchValue('metric')
  const metrics = metricsOf[model.task]
  const metric = named !== null && metrics.includes(named) ? named : metrics[0]
  const bucketMs = bucketMsOf(window)
  const limits = useLimits(deployment.id)
  const series = useQueryMethod(
    'performance.series',
    { deploymentId: deployment.id, window, bucketMs, metrics: [metric] },
    { keepsPrevious: true, follows: { data: ['samples', 'labels'] } },
  )
  const spec = useMemo(() => {
    if (series.data === undefined) return null
    const entries = series.data.buckets.map(({ from, metrics: values }) => ({
      at: from + bucketMs / 2,
      estimate: values[metric],
    }))
    return timeSeries({
      measure: metricWord('performance', metric),
      window,
      lines: [{ name: metricWord('performance', metric), ...estimatePoints(entries) }],
      limits: limitLines(limits, 'performance', metric, 'none'),
      breaches: spansOf(timeline, ['breach'], window),
      actions: marksOf(timeline, window),
      zoomable: true,
      gutter,
    })
  }, [series.data, bucketMs, metric, window, limits, timeline])
  const total = series.data?.buckets.reduce((sum, { n }) => sum + n, 0) ?? 0
  const labelled = series.data?.buckets.reduce((sum, bucket) => sum + bucket.labelled, 0) ?? 0
  return (
    <Section
      title="Performance over time"
      note={`By ${formatDuration(bucketMs)} of event time (UTC) with its interval; ${formatCount(labelled)} of ${formatCount(total)} samples labelled`}
      actions={
        <Choice
          label="Number"
          value={metric}
          options={metrics.map((id) => [id, metricWord('performance', id)])}
          onChange={setMetric}
        />
      }
    >
      <Answer query={series} label="performance over time" rows={5}>
        {() =>
          labelled === 0 ? (
            <Empty
              title={total === 0 ? 'No samples in this window' : 'No labels in this window yet'}
              hint="Performance needs labels: they may arrive late, be imported, or be given on the Review page."
            />
          ) : (
            spec !== null && <Chart spec={spec} group={deployment.id} height={230} />
          )
        }
      </Answer>
    </Section>
  )
}

function DriftTrend({ timeline }: { timeline: Timeline }) {
  const { deployment, window } = useDeployedView()
  const limits = useLimits(deployment.id)
  const findings = useQueryMethod(
    'findings.series',
    {
      target: { type: 'deployment', id: deployment.id },
      kind: 'drift',
      subject: { metric: 'driftedShare' },
      window,
    },
    { keepsPrevious: true, follows: { data: ['findings'] } },
  )
  const spec = useMemo(() => {
    if (findings.data === undefined || findings.data.length === 0) return null
    const unit = unitOfFinding(findings.data[0].unit)
    return timeSeries({
      measure: 'Share of columns that drifted',
      unit,
      window,
      lines: [{ name: 'share of drifted columns', ...findingPoints(findings.data) }],
      limits: limitLines(limits, 'drift', 'driftedShare', unit),
      actions: marksOf(timeline, window).map(({ at }) => ({ at, label: '' })),
      zoomable: true,
      gutter,
    })
  }, [findings.data, window, limits, timeline])
  return (
    <Section
      title="Drift over time"
      note="Share of columns that drifted, at the end of each window that a monitor judged"
    >
      <Answer query={findings} label="drift over time" rows={3}>
        {() =>
          spec === null ? (
            <Empty title="No monitor has judged drift in this window" />
          ) : (
            <Chart spec={spec} group={deployment.id} height={150} />
          )
        }
      </Answer>
    </Section>
  )
}

function TelemetryTrend({ deviceId, timeline }: { deviceId: string; timeline: Timeline }) {
  const { window } = useDeployedView()
  const device = useQueryMethod('devices.get', { id: deviceId }, { follows: { records: ['device'] } })
  const [chosen, setChannel] = useState<string | null>(null)
  const channels = device.data?.device.record.channels ?? []
  const troubled = device.data?.health.leading.find(({ status }) => status === 'breach')?.subject.channel
  const channel = channels.find(({ name }) => name === (chosen ?? troubled)) ?? channels[0]
  return (
    <Section
      title={device.data === undefined ? 'Telemetry' : `Telemetry of ${device.data.device.record.name}`}
      note="The sensors around the model, on the same axis and cursor"
      actions={
        channel !== undefined && (
          <Choice
            label="Channel"
            value={channel.name}
            options={channels.map(({ name, unit }) => [name, unit === '' ? name : `${name}, ${unit}`])}
            onChange={setChannel}
          />
        )
      }
    >
      <Answer query={device} label="the device" rows={3}>
        {() =>
          channel === undefined ? (
            <Empty title="This device has no channels yet" />
          ) : (
            <ChannelChart deviceId={deviceId} channel={channel.name} window={window} timeline={timeline} />
          )
        }
      </Answer>
    </Section>
  )
}

function ChannelChart(props: {
  deviceId: string
  channel: string
  window: { from: number; to: number }
  timeline: Timeline
}) {
  const { deviceId, channel, window, timeline } = props
  const { deployment } = useDeployedView()
  const series = useQueryMethod(
    'telemetry.series',
    { deviceId, channels: [channel], window },
    { keepsPrevious: true, follows: { data: ['telemetry'] } },
  )
  const spec = useMemo(() => {
    const found = series.data?.at(0)
    if (found === undefined) return null
    return timeSeries({
      measure: channel,
      unit: found.unit === '' ? 'none' : found.unit,
      window,
      lines: [{ name: channel, points: pairedPoints(found.at, found.value) }],
      breaches: spansOf(timeline, ['gap', 'stuck', 'fault'], window),
      actions: marksOf(timeline, window).map(({ at }) => ({ at, label: '' })),
      zoomable: true,
      gutter,
    })
  }, [series.data, channel, window, timeline])
  return (
    <Answer query={series} label="telemetry" rows={3}>
      {() =>
        spec === null || series.data?.[0]?.points === 0 ? (
          <Empty title="No telemetry in this window" />
        ) : (
          <Chart spec={spec} group={deployment.id} height={150} />
        )
      }
    </Answer>
  )
}
