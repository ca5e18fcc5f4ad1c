import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useMemo, useState } from 'react'
import { isBlobKind } from '../../../../contract/blob.ts'
import type { LabelBias } from '../../../../contract/label-bias.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { intervalBars, intervalBarsHeight } from '../../../charts/interval-bars.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatNumber, formatPValue } from '../../../widgets/format.ts'
import { Headline } from '../../../widgets/Headline.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { useDeployedView } from '../model-view.ts'
import { Choice } from '../trends/Choice.tsx'
import { sayGroup } from './group-words.ts'
import { ManyField } from './ManyField.tsx'
import { SharesField } from './SharesField.tsx'

/** What the labels of a dataset prefer, before a model learns it. */
export function LabelBiasPanel() {
  const { version, datasets } = useDeployedView()
  const { columns, classes } = version.schema
  const usable = columns.filter(({ type }) => !isBlobKind(type))
  const [chosen, setDataset] = useState<string | null>(null)
  const [groupColumns, setGroups] = useState(() =>
    usable
      .filter(({ isGroup }) => isGroup)
      .slice(0, 1)
      .map(({ name }) => name),
  )
  const [controlColumns, setControls] = useState<string[]>([])
  const [targetShares, setShares] = useState<Record<string, number> | null>(null)
  const dataset =
    datasets.find(({ id }) => id === chosen) ??
    datasets.find(({ role }) => role === 'training') ??
    datasets.find(({ id }) => id === version.referenceDatasetId) ??
    datasets.at(0)
  const found = useQueryMethod(
    'datasets.labelBias',
    {
      datasetId: dataset?.id ?? '',
      versionId: version.id,
      parameters: {
        groupColumns,
        controlColumns: controlColumns.filter((name) => !groupColumns.includes(name)),
        targetShares,
      },
    },
    // A dataset never changes.
    { enabled: dataset !== undefined, follows: {}, keepsPrevious: true },
  )
  if (dataset === undefined) return null
  return (
    <Box component="section" aria-label="Label bias" sx={{ display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 1.5 }}>
        <Box sx={{ flex: 1, minWidth: 280, typography: 'body2', color: 'text.secondary' }}>
          Before training: what do the labels of a data set prefer?
        </Box>
        <TextField
          select
          label="Labels of"
          value={dataset.id}
          onChange={(event) => setDataset(event.target.value)}
          sx={{ minWidth: 170 }}
        >
          {datasets.map(({ id, name, role }) => (
            <MenuItem key={id} value={id}>
              {`${name} (${role})`}
            </MenuItem>
          ))}
        </TextField>
        <ManyField
          label="Groups by"
          empty="classes alone"
          value={groupColumns}
          options={usable.map(({ name }) => [name, name])}
          onChange={setGroups}
        />
        <ManyField
          label="Given"
          empty="nothing"
          value={controlColumns}
          options={usable.filter(({ name }) => !groupColumns.includes(name)).map(({ name }) => [name, name])}
          onChange={setControls}
        />
        <SharesField label="Declared shares" classes={classes} onChange={setShares} />
      </Box>
      <Answer query={found} label="the bias of labels" rows={4}>
        {(bias) => <LabelBiasDetail bias={bias} />}
      </Answer>
    </Box>
  )
}

function LabelBiasDetail({ bias }: { bias: LabelBias }) {
  const { headline, classes, imbalance, labels, unlabelled } = bias
  const spec = useMemo(
    () =>
      intervalBars({
        measure: 'Share of labels',
        unit: 'percent',
        rows: classes.map(({ className, share, target, status }) => ({
          name: className,
          estimate: share,
          reference: target,
          breach: status === 'breach',
        })),
      }),
    [classes],
  )
  const ratio =
    imbalance.ratio === null ? 'A class has no label' : `Largest to smallest ${formatNumber(imbalance.ratio)} to 1`
  const evenness = imbalance.evenness === null ? '' : `, evenness ${formatNumber(imbalance.evenness)} of 1`
  return (
    <>
      <Headline label="Label bias in a sentence" status={headline.status} text={headline.text} />
      {classes.length > 0 && (
        <Section
          title="Labels by class"
          note={`${ratio}${evenness}${unlabelled > 0 ? `; ${formatCount(unlabelled)} rows without a label` : ''}. Grey tick: declared share`}
        >
          <Chart spec={spec} height={intervalBarsHeight(classes.length)} />
          {classes.some(({ target }) => target !== null) && <Targets classes={classes} />}
        </Section>
      )}
      {labels.length > 0 && <LabelsByGroup bias={bias} />}
    </>
  )
}

function Targets({ classes }: { classes: LabelBias['classes'] }) {
  return (
    <DataTable
      label="Labels against declared shares"
      rows={classes}
      rowKey={({ className }) => className}
      columns={[
        { id: 'status', header: 'Status', width: 126, render: ({ status }) => <Status status={status} /> },
        { id: 'class', header: 'Class', render: ({ className }) => className },
        {
          id: 'difference',
          header: 'Share less declared',
          render: ({ difference }) => difference && <Estimate estimate={difference} unit="percent" hideCount />,
        },
        {
          id: 'p',
          header: 'Adjusted p',
          align: 'right',
          width: 110,
          render: ({ adjustedPValue }) => formatPValue(adjustedPValue),
        },
      ]}
    />
  )
}

type Row = LabelBias['groups'][number] & { place: number }

function LabelsByGroup({ bias }: { bias: LabelBias }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const { groups, labels, controlColumns } = bias
  const shown = labels.find(({ className }) => className === chosen) ?? labels[0]
  const given = shown.conditionalDisparity
  const column = (
    id: string,
    header: string,
    pick: (place: number) => LabelBias['groups'][number]['share'] | undefined,
  ) =>
    ({
      id,
      header,
      sortKey: ({ place }) => pick(place)?.value ?? null,
      render: ({ place }) => {
        const estimate = pick(place)
        return estimate && <Estimate estimate={estimate} hideCount />
      },
    }) satisfies TableColumn<Row>
  return (
    <Section
      title={`Label ${shown.className} by group`}
      note={
        <>
          Largest difference <Estimate estimate={shown.difference} hideCount />. Disparity: a group’s share of the rows
          without this label less its share of those with it; above 0 it gets the label less often than others
        </>
      }
      actions={
        labels.length > 1 && (
          <Choice
            label="Label"
            value={shown.className}
            options={labels.map(({ className }) => [className, className])}
            onChange={setChosen}
          />
        )
      }
      flush
    >
      <DataTable
        label="Labels by group"
        rows={groups.map((group, place): Row => ({ ...group, place }))}
        rowKey={({ group }) => sayGroup(group)}
        columns={[
          { id: 'status', header: 'Judged', width: 130, render: ({ status }) => <Status status={status} /> },
          {
            id: 'group',
            header: 'Group',
            sortKey: ({ group }) => sayGroup(group),
            render: ({ group }) => sayGroup(group),
          },
          { id: 'n', header: 'n', align: 'right', width: 90, sortKey: ({ n }) => n, render: ({ n }) => formatCount(n) },
          column('rows', 'Share of rows', (place) => groups[place].share),
          column('share', `Share labelled ${shown.className}`, (place) => shown.byGroup[place]),
          column('disparity', 'Disparity', (place) => shown.disparity[place]),
          ...(given === null
            ? []
            : [column('given', `Given ${controlColumns.join(' and ')}`, (place) => given[place])]),
        ]}
      />
    </Section>
  )
}
