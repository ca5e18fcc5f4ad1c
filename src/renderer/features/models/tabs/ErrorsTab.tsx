import { useMemo } from 'react'
import { useLocation, useNavigate } from 'react-router'
import type { DetailOf, StoredReport } from '../../../../contract/report.ts'
import { pathTo } from '../../../data/paths.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { type SliceNode, SliceTree } from '../../../widgets/SliceTree.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { conditionText, type SliceCondition, writeSlice } from '../samples/slice.ts'

type Detail = DetailOf<'errors'>
type TreeNode = Detail['nodes'][number]

/** Where does it fail most? */
export function ErrorsTab() {
  return <ReportPanel kind="errors">{(detail, stored) => <ErrorsDetail detail={detail} stored={stored} />}</ReportPanel>
}

function ErrorsDetail({ detail, stored }: { detail: Detail; stored: StoredReport }) {
  const openSamples = useOpenSamples(detail, stored)
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
              title: ({ description }) => description,
              render: ({ description }) => description,
            },
            {
              id: 'rate',
              header: 'Error rate',
              width: 250,
              sortKey: ({ errorRate }) => errorRate.value,
              render: ({ errorRate }) => <Estimate estimate={errorRate} unit="percent" />,
            },
            {
              id: 'rest',
              header: 'The rest',
              width: 190,
              render: ({ rest }) => <Estimate estimate={rest} unit="percent" hideCount />,
            },
            {
              id: 'p',
              header: 'Adjusted p',
              align: 'right',
              width: 100,
              sortKey: ({ adjustedPValue }) => adjustedPValue,
              render: ({ adjustedPValue }) => formatPValue(adjustedPValue),
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

/** The wrong samples of a node of the tree, in the window that the tree was made of. */
function useOpenSamples(detail: Detail, stored: StoredReport): (nodeId: number) => void {
  const { model, deployment } = useDeployedView()
  const navigate = useNavigate()
  const { search } = useLocation()
  return (nodeId) => {
    const slice: SliceCondition[] = []
    for (let node = find(detail, nodeId); node !== undefined; node = find(detail, node.parent)) {
      if (node.condition !== null) slice.unshift(node.condition)
    }
    const { window } = stored.report
    const query = new URLSearchParams(search)
    for (const [name, value] of Object.entries({
      deployment: deployment.id,
      from: String(window.from),
      to: String(window.to),
      slice: writeSlice(slice),
      error: 'wrong',
    })) {
      query.set(name, value)
    }
    void navigate(`${pathTo.model(model.id, 'samples')}?${query}`)
  }
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
