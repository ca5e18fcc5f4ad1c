import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { Dataset, SchemaSpec, Version } from '../../../../contract/model.ts'
import { useDownload } from '../../../data/stored-file.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Digest } from '../../../widgets/Digest.tsx'
import { formatBytes, formatInstant, formatNumber, formatPercent } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { ErrorState } from '../../../widgets/States.tsx'
import { CodeBlock } from '../../shared/CodeBlock.tsx'
import { Failure } from '../../shared/Failure.tsx'
import { useWhyNot } from '../../shared/use-why-not.ts'
import { metricWord } from '../../shared/words.ts'
import { useModelView } from '../model-view.ts'

export type VersionDetailProps = { version: { revision: number; record: Version } }

/** One version: its files, its schema, where it came from, and when it ran where. */
export function VersionDetail({ version }: VersionDetailProps) {
  const { record } = version
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        alignItems: 'start',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' },
      }}
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        <Origin version={record} />
        <Reference version={version} />
        <RanAt version={record} />
      </Box>
      <Box sx={{ display: 'grid', gap: 2 }}>
        <Artifacts version={record} />
        <Schema schema={record.schema} />
      </Box>
    </Box>
  )
}

const notSaid = <Box sx={{ color: 'text.secondary' }}>the source did not say</Box>

function Origin({ version }: { version: Version }) {
  const { datasets } = useModelView()
  const { lineage } = version
  const dataset = (digest: string | null) => {
    if (digest === null) return notSaid
    const known = datasets.find((each) => each.digest === digest || each.sourceDigest === digest)
    return (
      <>
        {known !== undefined && `${known.name} `}
        <Digest digest={digest} label="data set digest" />
      </>
    )
  }
  const metrics = Object.entries(lineage.metricsAtTraining)
  return (
    <Section title={`${version.name} came from`}>
      <KeyValue
        items={[
          { label: 'Repository', value: lineage.sourceRepository ?? notSaid },
          { label: 'Commit', value: lineage.sourceCommit === null ? notSaid : <code>{lineage.sourceCommit}</code> },
          { label: 'Pipeline run', value: lineage.pipelineRun ?? notSaid },
          { label: 'Training data', value: dataset(lineage.trainingDatasetDigest) },
          { label: 'Test data', value: dataset(lineage.testDatasetDigest) },
          { label: 'Reference data', value: dataset(lineage.referenceDatasetDigest) },
          {
            label: 'At training',
            value:
              metrics.length === 0
                ? notSaid
                : metrics
                    .map(([name, value]) => `${metricWord('performance', name)} ${formatNumber(value, 4)}`)
                    .join(', '),
          },
        ]}
      />
      {Object.keys(lineage.parameters).length > 0 && (
        <Box sx={{ mt: 1.5 }}>
          <CodeBlock text={JSON.stringify(lineage.parameters, null, 2)} label="training parameters" maxHeight={200} />
        </Box>
      )}
    </Section>
  )
}

function Reference({ version: { record, revision } }: VersionDetailProps) {
  const { datasets } = useModelView()
  const setting = useCommand('versions.setReference')
  const whyNot = useWhyNot()('versions.setReference')
  const name = (dataset: Dataset) => `${dataset.name} (${dataset.role})`
  return (
    <Section
      title="Measured against"
      note="What drift, bias and performance are compared with unless a question says otherwise"
    >
      <TextField
        select
        fullWidth
        label="Reference data set"
        value={record.referenceDatasetId ?? ''}
        disabled={whyNot !== null || setting.isPending || datasets.length === 0}
        helperText={whyNot ?? (datasets.length === 0 ? 'Import a data set first' : undefined)}
        onChange={(event) => setting.mutate({ id: record.id, revision, referenceDatasetId: event.target.value })}
      >
        {datasets.map((dataset) => (
          <MenuItem key={dataset.id} value={dataset.id}>
            {name(dataset)}
          </MenuItem>
        ))}
      </TextField>
      {setting.error !== null && <Failure title="The reference was not changed" error={setting.error} />}
    </Section>
  )
}

function RanAt({ version }: { version: Version }) {
  const { answer, nowAt } = useModelView()
  const spans = answer.deployments.flatMap(({ record }) =>
    record.history.flatMap((entry, index) =>
      entry.versionId !== version.id
        ? []
        : [{ name: `${record.name}, ${record.environment}`, entry, to: record.history[index + 1]?.from ?? null }],
    ),
  )
  if (spans.length === 0) return null
  return (
    <Section title="Ran where and when">
      <KeyValue
        labelWidth={170}
        items={spans.map(({ name, entry, to }) => ({
          label: name,
          value: `${formatInstant(entry.from)} to ${to === null || to > nowAt ? 'now' : formatInstant(to)} UTC: ${entry.reason}`,
        }))}
      />
    </Section>
  )
}

function Artifacts({ version }: { version: Version }) {
  const { download, done, problem } = useDownload()
  return (
    <Section title="Files" note="Named by their SHA-256; verified whenever they are read">
      {version.artifacts.length === 0 && <Box sx={{ typography: 'body2' }}>No files were registered.</Box>}
      {version.artifacts.map((artifact) => (
        <Box
          key={`${artifact.name} ${artifact.digest}`}
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            gap: 1.5,
            py: 0.5,
            typography: 'body2',
            borderBottom: 1,
            borderColor: 'divider',
          }}
        >
          <strong>{artifact.name}</strong>
          <Box component="span" sx={{ color: 'text.secondary', flex: 1 }}>
            {`${formatBytes(artifact.bytes)}, ${artifact.mediaType}`}
          </Box>
          <Digest digest={artifact.digest} label={`digest of ${artifact.name}`} />
          <Button disabled={done !== null} onClick={() => void download(artifact.digest, artifact.name)}>
            {done === null ? 'Download' : formatPercent(done, 0)}
          </Button>
        </Box>
      ))}
      {problem !== null && <ErrorState title="It was not downloaded" message={problem} />}
    </Section>
  )
}

function Schema({ schema }: { schema: SchemaSpec }) {
  return (
    <Section
      title="Schema"
      note={[
        schema.task,
        schema.classes.length === 0 ? '' : `classes ${schema.classes.join(', ')}`,
        schema.positiveClass === null ? '' : `positive class ${schema.positiveClass}`,
      ]
        .filter((part) => part !== '')
        .join(' · ')}
      flush
    >
      <DataTable
        label="Columns of the schema"
        rows={schema.columns}
        rowKey={(column) => column.name}
        rowHeight={30}
        maxHeight={420}
        columns={[
          { id: 'name', header: 'Column', sortKey: ({ name }) => name, render: ({ name }) => name },
          { id: 'type', header: 'Type', width: 96, render: ({ type }) => type },
          {
            id: 'role',
            header: 'Role',
            width: 132,
            render: ({ role, isGroup }) => (isGroup ? `${role}, group` : role),
          },
          {
            id: 'bounds',
            header: 'Declared bounds',
            title: boundsText,
            render: boundsText,
          },
        ]}
      />
    </Section>
  )
}

function boundsText({ range, categories, unit }: SchemaSpec['columns'][number]): string {
  if (range !== undefined)
    return `${formatNumber(range[0])} to ${formatNumber(range[1])}${unit === undefined ? '' : ` ${unit}`}`
  return categories?.join(', ') ?? 'any'
}
