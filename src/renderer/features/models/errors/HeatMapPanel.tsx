import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useMemo, useState } from 'react'
import { isBlobKind } from '../../../../contract/blob.ts'
import type { HeatMap, SliceCondition } from '../../../../contract/error-slices.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { heatMap, heatMapHeight, heatSeries } from '../../../charts/heat-map.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { formatCount, formatPercent } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { useDeployedView } from '../model-view.ts'
import { conditionText } from '../samples/slice.ts'
import { Choice } from '../trends/Choice.tsx'

export type HeatMapPanelProps = {
  /** Columns that are likely to tell something, the likeliest first. */
  hints: readonly string[]
  onOpen: (conditions: readonly SliceCondition[]) => void
  onSave: (conditions: readonly SliceCondition[]) => void
}

/** How often the model errs by the values of any two columns. */
export function HeatMapPanel({ hints, onOpen, onSave }: HeatMapPanelProps) {
  const { deployment, version, window } = useDeployedView()
  const columns = version.schema.columns.filter(({ type }) => !isBlobKind(type)).map(({ name }) => name)
  const [rowColumn, setRow] = useState<string | null>(null)
  const [columnColumn, setColumn] = useState<string | null>(null)
  const likely = [...new Set([...hints, ...columns])].filter((name) => columns.includes(name))
  const row = rowColumn ?? likely[0]
  const column = columnColumn ?? likely.find((name) => name !== row)
  const found = useQueryMethod(
    'errors.heatMap',
    { deploymentId: deployment.id, window, columns: [row ?? '', column ?? ''] },
    { enabled: row !== undefined && column !== undefined, keepsPrevious: true, follows: { data: ['labels'] } },
  )
  if (row === undefined || column === undefined) return null
  const options = (other: string) => columns.filter((name) => name !== other).map((name) => [name, name] as const)
  return (
    <Section
      title="Error rate by two columns"
      note="Framed with ▲: worse than the rest, after correction for the number of cells. Hatched: too few labelled samples to be judged"
      actions={
        <>
          <Choice label="Down" value={row} options={options(column)} onChange={setRow} />
          <Choice label="Across" value={column} options={options(row)} onChange={setColumn} />
        </>
      }
    >
      <Answer query={found} label="the map of errors" rows={5}>
        {(map) => <DrawnMap key={`${map.rowColumn} ${map.columnColumn}`} map={map} onOpen={onOpen} onSave={onSave} />}
      </Answer>
    </Section>
  )
}

function DrawnMap({ map, onOpen, onSave }: { map: HeatMap } & Pick<HeatMapPanelProps, 'onOpen' | 'onSave'>) {
  const [picked, setPicked] = useState<number | null>(null)
  const spec = useMemo(
    () =>
      heatMap({
        measure: 'Error rate',
        rowTitle: map.rowColumn,
        columnTitle: map.columnColumn,
        rows: map.rows.map(({ name }) => name),
        columns: map.columns.map(({ name }) => name),
        cells: map.cells.map(({ errorRate, ...cell }) => ({
          ...cell,
          value: errorRate.value,
          interval: errorRate.interval,
        })),
      }),
    [map],
  )
  if (map.reason !== null) return <Empty title="There is no map" hint={`Since ${map.reason}.`} />
  const cell = picked === null ? undefined : map.cells[picked]
  return (
    <>
      <Chart
        spec={spec}
        height={heatMapHeight(map.rows.length)}
        onPick={({ seriesName, dataIndex }) => seriesName === heatSeries && setPicked(dataIndex)}
      />
      {cell === undefined ? (
        <Box sx={{ typography: 'caption', color: 'text.secondary', pt: 1 }}>
          {`${formatCount(map.n)} labelled samples, ${formatPercent(map.overall.value)} wrong; choose a cell to see its samples or to follow it`}
        </Box>
      ) : (
        <Picked cell={cell} map={map} onOpen={onOpen} onSave={onSave} />
      )}
    </>
  )
}

function Picked(
  props: { cell: HeatMap['cells'][number]; map: HeatMap } & Pick<HeatMapPanelProps, 'onOpen' | 'onSave'>,
) {
  const { cell, map, onOpen, onSave } = props
  const [row, column] = [map.rows[cell.row], map.columns[cell.column]]
  const conditions = row.conditions && column.conditions && [...row.conditions, ...column.conditions]
  const said =
    conditions === null
      ? `${map.rowColumn} ${row.name}, ${map.columnColumn} ${column.name}`
      : conditions.map(conditionText).join(', ')
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1.5, pt: 1, typography: 'body2' }}>
      <span>{`${said}: ${formatCount(cell.errors)} of ${formatCount(cell.n)} wrong`}</span>
      {conditions !== null && (
        <>
          <Button onClick={() => onOpen(conditions)}>Show the wrong samples</Button>
          <GuardedButton method="cohorts.save" onClick={() => onSave(conditions)}>
            Save as a cohort
          </GuardedButton>
        </>
      )}
    </Box>
  )
}
