import { useMemo } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { Chart } from '../../charts/Chart.tsx'
import { useWindow } from '../../data/use-window.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { WindowPicker } from '../../widgets/WindowPicker.tsx'
import { presetAround } from '../../widgets/window-presets.ts'
import { Answer } from '../shared/Answer.tsx'
import { capitalise, subjectWord } from '../shared/words.ts'
import { numberChart } from './number-chart.ts'

/** The number that breached, over time. */
export function AlertNumber({ answer, nowAt }: { answer: OutputOf<'alerts.get'>; nowAt: number }) {
  const { alert, actions } = answer
  const [choice, setChoice] = useWindow(presetAround(alert.beganAt, nowAt))
  const series = useQueryMethod(
    'findings.series',
    { target: alert.target, kind: alert.kind, subject: alert.subject, window: choice.window },
    { keepsPrevious: true, follows: { data: ['findings'], target: alert.target.id } },
  )
  const spec = useMemo(
    () =>
      series.data === undefined
        ? null
        : numberChart({ alert, findings: series.data, actions, window: choice.window, nowAt }),
    [series.data, alert, actions, choice.window, nowAt],
  )
  return (
    <Section
      title={`${capitalise(subjectWord(alert.kind, alert.subject))} over time`}
      note="Dashed: the limits in force. Shaded: the breach. Band: uncertainty. Marks: what was done."
      actions={<WindowPicker value={choice} onChange={setChoice} now={Date.now} />}
    >
      <Answer query={series} label="the number over time" rows={6}>
        {(findings) =>
          findings.length === 0 || spec === null ? (
            <Empty title="No finding of this number lies in this window" hint="Choose a longer one." />
          ) : (
            <Chart spec={spec} height={230} />
          )
        }
      </Answer>
    </Section>
  )
}
