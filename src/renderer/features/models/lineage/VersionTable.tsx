import Box from '@mui/material/Box'
import type { Version } from '../../../../contract/model.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { formatNumber } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { metricWord } from '../../shared/words.ts'
import { useModelView } from '../model-view.ts'
import { VersionHallmark } from '../VersionHallmark.tsx'

export type VersionTableProps = {
  selectedId: string | null
  onSelect: (id: string | null) => void
  onRegister: () => void
}

export function VersionTable({ selectedId, onSelect, onRegister }: VersionTableProps) {
  const { model, versions, answer, nowAt } = useModelView()
  const rows = [...versions].sort((left, right) => right.createdAt - left.createdAt)
  return (
    <Section title="Versions" note="Choose one to see where it came from" flush>
      <DataTable
        label="Versions"
        rows={rows}
        rowKey={(version) => version.id}
        rowHeight={38}
        selectedKey={selectedId}
        onRowOpen={({ id }) => onSelect(id === selectedId ? null : id)}
        maxHeight={360}
        empty={
          <Empty
            title="No versions yet"
            hint="A version is one immutable build: its files by digest, its schema, and where it came from."
            action={{ label: 'Register a version', onClick: onRegister }}
          />
        }
        columns={[
          {
            id: 'name',
            header: 'Version',
            sortKey: ({ name }) => name,
            render: ({ id, name }) => (
              // The mark opens its proof, not the row.
              <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }} onClick={stopAtMark} onKeyDown={stopAtMark}>
                <strong>{name}</strong>
                {answer.certifiedVersionIds.includes(id) && <VersionHallmark modelId={model.id} versionName={name} />}
              </Box>
            ),
          },
          {
            id: 'created',
            header: 'Registered (UTC)',
            width: 220,
            sortKey: ({ createdAt }) => createdAt,
            render: ({ createdAt }) => <Time at={createdAt} nowAt={nowAt} />,
          },
          {
            id: 'metrics',
            header: 'At training',
            title: (version) => metricsText(version),
            render: (version) => metricsText(version),
          },
          {
            id: 'commit',
            header: 'Commit',
            width: 120,
            title: ({ lineage }) => lineage.sourceCommit ?? 'not said',
            render: ({ lineage }) => <code>{lineage.sourceCommit?.slice(0, 10) ?? '–'}</code>,
          },
          {
            id: 'running',
            header: 'Runs at',
            render: ({ id }) => runningAt(answer.deployments, id),
            title: ({ id }) => runningAt(answer.deployments, id),
          },
        ]}
      />
    </Section>
  )
}

function stopAtMark(event: { target: EventTarget; stopPropagation: () => void }): void {
  if (event.target instanceof Element && event.target.closest('button') !== null) event.stopPropagation()
}

function metricsText({ lineage }: Version): string {
  return Object.entries(lineage.metricsAtTraining)
    .map(([name, value]) => `${metricWord('performance', name)} ${formatNumber(value, 4)}`)
    .join(', ')
}

type DeploymentRows = ReturnType<typeof useModelView>['answer']['deployments']

const runningAt = (deployments: DeploymentRows, versionId: string) =>
  deployments
    .filter(({ record }) => record.versionId === versionId)
    .map(({ record }) => `${record.name}, ${record.environment}`)
    .join('; ') || '–'
