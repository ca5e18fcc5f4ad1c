import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { isBlobKind } from '../../../../contract/blob.ts'
import type { DetailOf, StoredReport } from '../../../../contract/report.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { CalibrationByGroup } from './CalibrationByGroup.tsx'
import { FairnessDetail } from './FairnessDetail.tsx'
import { FairnessTrend } from './FairnessTrend.tsx'
import { GivenControls } from './GivenControls.tsx'
import { GroupNeed } from './GroupNeed.tsx'
import { groupMetrics, numberMetrics, sayGroup } from './group-words.ts'
import { ManyField } from './ManyField.tsx'
import { PrivilegedRatios } from './PrivilegedRatios.tsx'

type Detail = DetailOf<'fairness'>
type Choices = { groupColumns: string[]; controlColumns: string[]; privileged: string; metrics: string[] }

/** Are the groups treated alike, and could a difference have been seen? */
export function FairnessPanel() {
  const { model, version, deployment } = useDeployedView()
  const isOfNumbers = model.task === 'regression'
  const candidates = version.schema.columns.filter(({ type }) => type === 'categorical')
  const declared = candidates.filter(({ isGroup }) => isGroup).map(({ name }) => name)
  const [chosen, setChosen] = useState<Partial<Choices>>({})
  // What was asked last is what is shown, until somebody chooses otherwise.
  const target = { type: 'deployment' as const, id: deployment.id }
  const latest = useQueryMethod('reports.latest', { kind: 'fairness', target }, { follows: { data: ['findings'] } })
  const last = askedLast(latest.data ?? null)
  const groupColumns = chosen.groupColumns ?? (last?.groupColumns.length ? last.groupColumns : declared.slice(0, 1))
  const choices: Choices = {
    groupColumns,
    controlColumns: (chosen.controlColumns ?? last?.control?.columns ?? []).filter(
      (name) => !groupColumns.includes(name),
    ),
    privileged: chosen.privileged ?? (last?.disparateImpact?.isNamed ? keyOf(last.disparateImpact.privileged) : ''),
    metrics: chosen.metrics ?? [],
  }
  const change = (changes: Partial<Choices>) => setChosen({ ...chosen, ...changes })
  if (candidates.length === 0) {
    return (
      <Section title="Fairness by group">
        <Empty
          title="There are no groups to compare"
          hint="Declare a column of categories in the schema of the version, and mark it as a group."
        />
      </Section>
    )
  }
  const isAsked = last !== null && last.groupColumns.join() === groupColumns.join()
  const groups = isAsked ? last.groups.filter(({ status }) => status !== 'insufficient') : []
  const known = groups.some(({ group }) => keyOf(group) === choices.privileged)
  const controllable = version.schema.columns.filter(
    ({ name, type }) => !isBlobKind(type) && !groupColumns.includes(name),
  )
  return (
    <ReportPanel
      kind="fairness"
      parameters={{
        groupColumns,
        controlColumns: choices.controlColumns,
        privileged: known ? JSON.parse(choices.privileged) : null,
        metrics: choices.metrics,
      }}
      settings={
        <>
          <ManyField
            label="Groups by"
            value={groupColumns}
            options={candidates.map(({ name, isGroup }) => [name, isGroup ? name : `${name} (not declared a group)`])}
            onChange={(columns) => change({ groupColumns: columns, privileged: '' })}
          />
          <ManyField
            label="Given"
            empty="nothing"
            value={choices.controlColumns}
            options={controllable.map(({ name }) => [name, name])}
            onChange={(controlColumns) => change({ controlColumns })}
          />
          {!isOfNumbers && (
            <TextField
              select
              label="Measured by"
              value={known ? choices.privileged : ''}
              onChange={(event) => change({ privileged: event.target.value })}
              sx={{ minWidth: 150 }}
              slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
            >
              <MenuItem value="">the largest group</MenuItem>
              {groups.map(({ group }) => (
                <MenuItem key={keyOf(group)} value={keyOf(group)}>
                  {sayGroup(group)}
                </MenuItem>
              ))}
            </TextField>
          )}
          <ManyField
            label={isOfNumbers ? 'Compare' : 'Also compare'}
            empty={isOfNumbers ? 'all measures' : 'the usual rates'}
            value={choices.metrics}
            options={isOfNumbers ? numberMetrics : groupMetrics}
            onChange={(metrics) => change({ metrics })}
          />
        </>
      }
      withoutAnswer={<FairnessTrend />}
    >
      {(detail) => (
        <>
          <FairnessDetail key={detail.numbers ? 'numbers' : 'classes'} detail={detail} />
          {detail.control && <GivenControls control={detail.control} measures={detail.measures} />}
          {detail.disparateImpact && <PrivilegedRatios impact={detail.disparateImpact} />}
          {detail.calibration && <CalibrationByGroup groups={detail.calibration} />}
          {detail.power && <GroupNeed power={detail.power} numbers={detail.numbers} />}
          <FairnessTrend />
        </>
      )}
    </ReportPanel>
  )
}

const keyOf = (group: Record<string, string>) => JSON.stringify(group)

function askedLast(stored: StoredReport | null): Detail | null {
  const detail = stored?.report.detail
  return detail?.kind === 'fairness' ? detail : null
}
