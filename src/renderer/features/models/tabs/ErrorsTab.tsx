import { useMemo, useState } from 'react'
import type { SliceCondition } from '../../../../contract/error-slices.ts'
import type { DetailOf, StoredReport } from '../../../../contract/report.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { type SliceNode, SliceTree } from '../../../widgets/SliceTree.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { CohortDialog, type CohortDialogProps } from '../errors/CohortDialog.tsx'
import { CohortsPanel } from '../errors/CohortsPanel.tsx'
import { HeatMapPanel } from '../errors/HeatMapPanel.tsx'
import { useOpenSlice } from '../errors/open-samples.ts'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { conditionText } from '../samples/slice.ts'

type Detail = DetailOf<'errors'>
type TreeNode = Detail['nodes'][number]

/** Where does it fail most? */
export function ErrorsTab() {
  const { version } = useDeployedView()
  return version.schema.ranking ? (
    <Empty
      title="A single sample of a ranking is neither right nor wrong"
      hint="The lists that are ranked worst stand on the Performance page."
    />
  ) : (
    <ErrorSlices />
  )
}

function ErrorSlices() {
  const openSlice = useOpenSlice()
  const { window } = useDeployedView()
  const [saving, setSaving] = useState<Omit<CohortDialogProps, 'onClose'> | null>(null)
  const save = (conditions: readonly SliceCondition[]) => setSaving({ source: null, conditions })
  const others = (detail: Detail | null) => (
    <>
      <CohortsPanel
        measured={detail?.cohorts ?? []}
        onEdit={(source) => setSaving({ source, conditions: [] })}
        onOpen={(conditions) => openSlice(conditions, window)}
      />
      <HeatMapPanel
        hints={detail === null ? [] : columnsOf(detail)}
        onOpen={(conditions) => openSlice(conditions, window)}
        onSave={save}
      />
    </>
  )
  return (
    <>
      <ReportPanel kind="errors" withoutAnswer={others(null)}>
        {(detail, stored) => (
          <>
            <ErrorsDetail detail={detail} stored={stored} onSave={save} />
            {others(detail)}
          </>
        )}
      </ReportPanel>
      {saving !== null && <CohortDialog {...saving} onClose={() => setSaving(null)} />}
    </>
  )
}

/** Columns by which the tree splits, the first split first: they tell where errors are. */
const columnsOf = ({ nodes }: Detail) => [
  ...new Set(nodes.flatMap(({ condition }) => (condition === null ? [] : [condition.column]))),
]

function ErrorsDetail(props: {
  detail: Detail
  stored: StoredReport
  onSave: (conditions: readonly SliceCondition[]) => void
}) {
  const { detail, stored, onSave } = props
  const openSlice = useOpenSlice()
  const openSamples = (nodeId: number) => openSlice(conditionsOf(detail, nodeId), stored.report.window)
  const root = useMemo(() => treeOf(detail), [detail])
  return (
    <>
      <Section
        title="Worst slices"
        note="Confirmed: worse than the rest on samples that were kept apart, after correction for how many slices were looked at"
        flush
      >
        <DataTable
          label="Worst slices"
          rows={detail.worst}
          rowKey={(slice) => slice.nodeId}
          onRowOpen={(slice) => openSamples(slice.nodeId)}
          rowHeight={46}
          empty={<Empty title="No slice fails more than the rest" />}
          columns={[
            {
              id: 'confirmed',
              header: 'Confirmed',
              width: 130,
              sortKey: ({ isConfirmed }) => Number(isConfirmed),
              render: ({ isConfirmed }) =>
                isConfirmed ? (
                  <Status status="breach" label="Confirmed" />
                ) : (
                  <Status status="unknown" label="Not yet" />
                ),
            },
            {
              id: 'slice',
              header: 'Slice',
              minWidth: 240,
              title: ({ description }) => description,
              render: ({ description }) => description,
            },
            {
              id: 'rate',
              header: 'Error rate',
              width: 150,
              sortKey: ({ errorRate }) => errorRate.value,
              render: ({ errorRate }) => <Estimate estimate={errorRate} unit="percent" variant="stacked" />,
            },
            {
              id: 'rest',
              header: 'The rest',
              width: 130,
              render: ({ rest }) => <Estimate estimate={rest} unit="percent" variant="stacked" hideCount />,
            },
            {
              id: 'p',
              header: 'Adjusted p',
              align: 'right',
              width: 100,
              sortKey: ({ adjustedPValue }) => adjustedPValue,
              render: ({ adjustedPValue }) => formatPValue(adjustedPValue),
            },
            {
              id: 'save',
              header: 'Follow',
              width: 160,
              render: ({ nodeId }) => (
                <GuardedButton
                  method="cohorts.save"
                  onClick={(event) => {
                    event.stopPropagation()
                    onSave(conditionsOf(detail, nodeId))
                  }}
                >
                  Save as cohort
                </GuardedButton>
              ),
            },
          ]}
        />
      </Section>
      <Section
        title="Where the errors are"
        note={`${formatCount(detail.errors)} errors in ${formatCount(detail.n)} samples (${formatPercent(detail.n === 0 ? null : detail.errors / detail.n)}); choose a line to see its samples`}
      >
        {root === null ? (
          <Empty title="There is no tree: too few errors to split" />
        ) : (
          <SliceTree label="Error slices" root={root} onSelect={({ id }) => openSamples(Number(id))} />
        )}
      </Section>
    </>
  )
}

/** What a sample must meet to be in a node of the tree. */
function conditionsOf(detail: Detail, nodeId: number): SliceCondition[] {
  const conditions: SliceCondition[] = []
  for (let node = find(detail, nodeId); node !== undefined; node = find(detail, node.parent)) {
    if (node.condition !== null) conditions.unshift(node.condition)
  }
  return conditions
}

const find = (detail: Detail, id: number | null): TreeNode | undefined => detail.nodes.find((node) => node.id === id)

function treeOf(detail: Detail): SliceNode | null {
  const confirmed = new Set(detail.worst.filter(({ isConfirmed }) => isConfirmed).map(({ nodeId }) => nodeId))
  const suspected = new Set(detail.worst.map(({ nodeId }) => nodeId))
  const build = (node: TreeNode): SliceNode => ({
    id: String(node.id),
    condition: node.condition === null ? 'all samples' : conditionText(node.condition),
    coverage: detail.n === 0 ? 0 : node.n / detail.n,
    errorCoverage: node.coverage,
    errorRate: node.errorRate,
    status: confirmed.has(node.id) ? 'breach' : suspected.has(node.id) ? 'warning' : 'ok',
    children: detail.nodes.filter(({ parent }) => parent === node.id).map(build),
  })
  const root = detail.nodes.find(({ parent }) => parent === null)
  return root === undefined ? null : build(root)
}
