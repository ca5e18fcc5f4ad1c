import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Link from '@mui/material/Link'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useId, useState } from 'react'
import { Link as RouterLink } from 'react-router'
import type { ColumnMapping, Dataset } from '../../../../contract/model.ts'
import { hasEnded, useJobCommand } from '../../../data/jobs.ts'
import { pathTo } from '../../../data/paths.ts'
import { useUpload } from '../../../data/upload.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { FileField } from '../../../widgets/FileField.tsx'
import { Progress } from '../../../widgets/Progress.tsx'
import { ErrorState } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { useModelView } from '../model-view.ts'
import { ImportPreview } from './ImportPreview.tsx'
import { mappingProblems } from './mapping-problems.ts'

type What = 'dataset' | 'samples' | 'labels'

const whatNames: Record<What, { name: string; help: string }> = {
  dataset: { name: 'A data set', help: 'A fixed table to measure against: reference, test or training data' },
  samples: { name: 'Predictions', help: 'Samples of a deployment, with or without their labels' },
  labels: { name: 'Labels', help: 'Ground truth for samples that are here already, by their id' },
}

const roles: Dataset['role'][] = ['reference', 'test', 'training', 'snapshot']

/** Brings a file in: what it is, how its columns are read, and what came of it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { model, answer } = useModelView()
  const titleId = useId()
  const { upload, staged, done, problem, cancel } = useUpload()
  const [what, setWhat] = useState<What>('dataset')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Dataset['role']>('reference')
  const [deploymentId, setDeploymentId] = useState(answer.deployments.at(0)?.record.id ?? '')
  const [edited, setEdited] = useState<{ digest: string; columns: ColumnMapping[] } | null>(null)
  const preview = useQueryMethod(
    'imports.preview',
    { digest: staged?.digest ?? '0'.repeat(64), fileName: staged?.name ?? '', modelId: model.id },
    { enabled: staged !== null, follows: {} },
  )
  const datasetJob = useJobCommand('imports.dataset')
  const samplesJob = useJobCommand('imports.samples')
  const job = what === 'dataset' ? datasetJob : samplesJob

  const columns = edited !== null && edited.digest === staged?.digest ? edited.columns : (preview.data?.columns ?? [])
  const problems = mappingProblems(columns, what)
  const isReady =
    staged !== null &&
    preview.data !== undefined &&
    problems.length === 0 &&
    (what === 'dataset' ? name.trim() !== '' : deploymentId !== '')
  const start = () => {
    if (staged === null) return
    const file = { digest: staged.digest, fileName: staged.name, columns }
    if (what === 'dataset') datasetJob.start({ ...file, modelId: model.id, name: name.trim(), role })
    else samplesJob.start({ ...file, deploymentId, what })
  }
  const isDone = job.job?.state === 'succeeded'

  return (
    <Dialog
      open
      fullWidth
      maxWidth="lg"
      aria-labelledby={titleId}
      // What was chosen is not lost by a click beside it.
      onClose={(_, why) => why === 'escapeKeyDown' && !job.isBusy && onClose()}
    >
      <DialogTitle id={titleId}>{`Import a file for ${model.name}`}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))', pt: 1 }}>
          <TextField
            select
            label="The file holds"
            value={what}
            onChange={(event) => setWhat(whatOf(event.target.value))}
            helperText={whatNames[what].help}
          >
            {(Object.keys(whatNames) as What[]).map((each) => (
              <MenuItem key={each} value={each} disabled={each !== 'dataset' && answer.deployments.length === 0}>
                {whatNames[each].name}
              </MenuItem>
            ))}
          </TextField>
          {what === 'dataset' ? (
            <>
              <TextField
                label="Name of the data set"
                required
                value={name}
                onChange={(event) => setName(event.target.value)}
                helperText="As people will choose it"
              />
              <TextField
                select
                label="Role"
                value={role}
                onChange={(event) => setRole(roles.find((each) => each === event.target.value) ?? role)}
              >
                {roles.map((each) => (
                  <MenuItem key={each} value={each}>
                    {each}
                  </MenuItem>
                ))}
              </TextField>
            </>
          ) : (
            <TextField
              select
              label="Deployment"
              value={deploymentId}
              onChange={(event) => setDeploymentId(event.target.value)}
            >
              {answer.deployments.map(({ record }) => (
                <MenuItem key={record.id} value={record.id}>
                  {`${record.name}, ${record.environment}`}
                </MenuItem>
              ))}
            </TextField>
          )}
        </Box>
        <FileField
          label="A CSV, JSON Lines or Parquet file"
          accept=".csv,.tsv,.jsonl,.ndjson,.json,.parquet,.gz"
          file={staged}
          done={done}
          problem={problem}
          onCancel={cancel}
          onChoose={(file) => {
            job.reset()
            if (name === '') setName(file.name.replace(/\.[^.]+$/, ''))
            void upload(file)
          }}
        />
        {staged !== null && (
          <Answer query={preview} label="the preview" rows={6}>
            {(data) => (
              <ImportPreview
                preview={data}
                columns={columns}
                problems={problems}
                onChange={(next) => setEdited({ digest: staged.digest, columns: next })}
              />
            )}
          </Answer>
        )}
        {job.isBusy && (
          <Progress
            label="Importing"
            done={job.job?.progress ?? null}
            detail={job.job?.message}
            onCancel={job.job !== null && !hasEnded(job.job) ? job.cancel : undefined}
          />
        )}
        {job.problem !== null && <ErrorState title="It was not imported" message={job.problem} />}
        {isDone && (
          <Box role="status" sx={{ typography: 'body2', display: 'flex', flexWrap: 'wrap', gap: 1.5 }}>
            <Status status="ok" label="Imported" />
            <span>{job.job?.message}</span>
            {what !== 'dataset' && (
              <Link component={RouterLink} to={pathTo.connections()}>
                Rows that were refused stand among the dead letters
              </Link>
            )}
          </Box>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} disabled={job.isBusy}>
          {isDone ? 'Close' : 'Cancel'}
        </Button>
        <Button variant="contained" disabled={!isReady || isDone} loading={job.isBusy} onClick={start}>
          Import
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function whatOf(value: string): What {
  return value === 'samples' || value === 'labels' ? value : 'dataset'
}
