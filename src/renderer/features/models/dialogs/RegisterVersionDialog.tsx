import CloseOutlined from '@mui/icons-material/CloseOutlined'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { type Lineage, type SchemaSpec, schemaSpec, version } from '../../../../contract/model.ts'
import type { Json } from '../../../../contract/primitives.ts'
import { useUpload } from '../../../data/upload.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { Digest } from '../../../widgets/Digest.tsx'
import { FileField } from '../../../widgets/FileField.tsx'
import { formatBytes } from '../../../widgets/format.ts'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { useModelView } from '../model-view.ts'
import { SchemaEditor } from './SchemaEditor.tsx'

type StagedArtifact = { name: string; digest: string; mediaType: string; bytes: number }

const blankLineage: Lineage = {
  sourceRepository: null,
  sourceCommit: null,
  pipelineRun: null,
  parameters: {},
  trainingDatasetDigest: null,
  testDatasetDigest: null,
  referenceDatasetDigest: null,
  metricsAtTraining: {},
}

const shape = version.pick({ name: true, lineage: true, schema: true, referenceDatasetId: true })

export type RegisterVersionDialogProps = { onClose: () => void; onRegistered: (versionId: string) => void }

/** Registers one immutable build: its files, its schema and where it came from. */
export function RegisterVersionDialog({ onClose, onRegistered }: RegisterVersionDialogProps) {
  const { model, versions, datasets } = useModelView()
  const registering = useCommand('versions.register')
  const newest = [...versions].sort((left, right) => right.createdAt - left.createdAt).at(0)
  const [name, setName] = useState('')
  const [artifacts, setArtifacts] = useState<StagedArtifact[]>([])
  const [schema, setSchema] = useState<SchemaSpec | null>(
    newest?.schema ?? { task: model.task, classes: [], positiveClass: null, columns: [] },
  )
  const [lineage, setLineage] = useState<Lineage>(blankLineage)
  const [parameters, setParameters] = useState('{}')
  const [referenceDatasetId, setReferenceDatasetId] = useState<string | null>(newest?.referenceDatasetId ?? null)

  const read = readObject(parameters)
  const draft = { name, schema, referenceDatasetId, lineage: { ...lineage, parameters: read ?? {} } }
  const problems = problemsOf(shape, draft)
  const dataset = (id: string) => datasets.find((each) => each.id === id)
  return (
    <FormDialog
      title={`Register a version of ${model.name}`}
      consequence="A version never changes once it is registered. What you leave out is recorded as not said."
      submitLabel="Register the version"
      maxWidth="md"
      complete={problems.size === 0 && read !== null && schema !== null}
      busy={registering.isPending}
      error={registering.error}
      onSubmit={() => {
        if (schema === null || read === null) return
        registering.mutate(
          {
            modelId: model.id,
            name,
            schema,
            referenceDatasetId,
            lineage: {
              ...draft.lineage,
              referenceDatasetDigest:
                referenceDatasetId === null ? null : (dataset(referenceDatasetId)?.digest ?? null),
            },
            artifacts: artifacts.map(({ bytes, ...artifact }) => artifact),
          },
          {
            onSuccess: ({ record }) => {
              onRegistered(record.id)
              onClose()
            },
          },
        )
      }}
      onClose={onClose}
    >
      <TextField
        label="Version"
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value.trim())}
        error={name !== '' && problems.has('name')}
        helperText={(name === '' ? undefined : problems.get('name')) ?? 'Unique within the model, such as 1.4.0'}
      />
      <Artifacts artifacts={artifacts} onChange={setArtifacts} />
      <SchemaEditor task={model.task} value={schema} onChange={setSchema} shape={schemaSpec} />
      <Typography variant="h3">Where it came from</Typography>
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
        <Said
          label="Source repository"
          value={lineage.sourceRepository}
          onChange={(sourceRepository) => setLineage({ ...lineage, sourceRepository })}
        />
        <Said
          label="Commit"
          value={lineage.sourceCommit}
          onChange={(sourceCommit) => setLineage({ ...lineage, sourceCommit })}
        />
        <Said
          label="Pipeline run"
          value={lineage.pipelineRun}
          onChange={(pipelineRun) => setLineage({ ...lineage, pipelineRun })}
        />
        <DatasetField
          label="Reference data set"
          value={referenceDatasetId}
          onChange={setReferenceDatasetId}
          help="What drift and bias are measured against"
        />
        <DatasetField
          label="Training data set"
          value={datasets.find(({ digest }) => digest === lineage.trainingDatasetDigest)?.id ?? null}
          onChange={(id) =>
            setLineage({ ...lineage, trainingDatasetDigest: id === null ? null : (dataset(id)?.digest ?? null) })
          }
        />
        <DatasetField
          label="Test data set"
          value={datasets.find(({ digest }) => digest === lineage.testDatasetDigest)?.id ?? null}
          onChange={(id) =>
            setLineage({ ...lineage, testDatasetDigest: id === null ? null : (dataset(id)?.digest ?? null) })
          }
        />
      </Box>
      <TextField
        label="Training parameters, JSON"
        multiline
        minRows={2}
        value={parameters}
        onChange={(event) => setParameters(event.target.value)}
        error={read === null}
        helperText={read === null ? 'This is not a JSON object' : undefined}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
    </FormDialog>
  )
}

function readObject(text: string): Record<string, Json> | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    // What JSON.parse gives is JSON.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : null
  } catch {
    return null
  }
}

function Said(props: { label: string; value: string | null; onChange: (value: string | null) => void }) {
  return (
    <TextField
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.target.value === '' ? null : event.target.value)}
    />
  )
}

function DatasetField(props: {
  label: string
  value: string | null
  onChange: (id: string | null) => void
  help?: string
}) {
  const { datasets } = useModelView()
  return (
    <TextField
      select
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.target.value === '' ? null : event.target.value)}
      helperText={props.help}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">Not said</MenuItem>
      {datasets.map(({ id, name, role }) => (
        <MenuItem key={id} value={id}>
          {`${name} (${role})`}
        </MenuItem>
      ))}
    </TextField>
  )
}

function Artifacts(props: { artifacts: StagedArtifact[]; onChange: (artifacts: StagedArtifact[]) => void }) {
  const { artifacts, onChange } = props
  const { upload, done, problem, cancel } = useUpload()
  const add = async (file: File) => {
    const staged = await upload(file)
    if (staged === null) return
    const added = { name: file.name, digest: staged.digest, bytes: staged.bytes, mediaType: mediaTypeOf(file) }
    onChange([...artifacts.filter(({ name }) => name !== file.name), added])
  }
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {artifacts.map((artifact) => (
        <Box key={artifact.name} sx={{ display: 'flex', alignItems: 'center', gap: 1.5, typography: 'body2' }}>
          <strong>{artifact.name}</strong>
          <Box component="span" sx={{ color: 'text.secondary', flex: 1 }}>
            {formatBytes(artifact.bytes)}
          </Box>
          <Digest digest={artifact.digest} label={`digest of ${artifact.name}`} />
          <IconButton
            aria-label={`Leave out ${artifact.name}`}
            onClick={() => onChange(artifacts.filter((each) => each !== artifact))}
          >
            <CloseOutlined sx={{ fontSize: 16 }} />
          </IconButton>
        </Box>
      ))}
      <FileField
        label={artifacts.length === 0 ? 'The model file, such as model.onnx' : 'One more file'}
        file={null}
        done={done}
        problem={problem}
        onChoose={(file) => void add(file)}
        onCancel={cancel}
      />
    </Box>
  )
}

function mediaTypeOf(file: File): string {
  if (file.name.toLowerCase().endsWith('.onnx')) return 'application/x-onnx'
  return file.type === '' ? 'application/octet-stream' : file.type.slice(0, 100)
}
