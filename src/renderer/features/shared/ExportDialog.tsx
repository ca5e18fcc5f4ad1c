import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import FormLabel from '@mui/material/FormLabel'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useJobCommand } from '../../data/jobs.ts'
import { useDownload } from '../../data/stored-file.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Progress } from '../../widgets/Progress.tsx'
import { ErrorState } from '../../widgets/States.tsx'
import { Status } from '../../widgets/Status.tsx'
import { FormDialog } from './FormDialog.tsx'
import { isReason, ReasonField } from './ReasonField.tsx'

export type ExportDialogProps = {
  /** Releases to begin with. */
  releaseIds?: readonly string[]
  title?: string
  onClose: () => void
}

/** Builds the one file that an auditor checks offline, and hands it over. */
export function ExportDialog({ releaseIds = [], title = '', onClose }: ExportDialogProps) {
  const job = useJobCommand('audit.export')
  const file = useDownload()
  const releases = useQueryMethod('releases.list', { modelId: null }, { follows: { records: ['release'] } })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(releaseIds))
  const [name, setName] = useState(title === '' ? '' : `Audit of ${title}`)
  const [reason, setReason] = useState('')
  const isReady = job.job?.state === 'succeeded'
  const digest = job.job?.result ?? null
  const toggle = (id: string) =>
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const fileName = `${
    name
      .trim()
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .toLowerCase() || 'audit'
  }.assay`
  return (
    <FormDialog
      title="Export for the auditor"
      consequence="One file with the report for people, the data for machines, certificates, log proofs and a signed manifest. It is checked offline with “assay verify”, which recomputes the numbers from the samples in it."
      submitLabel={isReady ? 'Save the file' : 'Build the file'}
      complete={isReady ? digest !== null : chosen.size > 0 && name.trim() !== '' && isReason(reason)}
      busy={job.isBusy || file.done !== null}
      error={releases.error}
      onClose={onClose}
      onSubmit={() => {
        if (isReady && digest !== null) void file.download(digest, fileName)
        else job.start({ releaseIds: [...chosen], title: name.trim(), reason: reason.trim() })
      }}
      aside={
        job.isBusy && (
          <Button onClick={job.cancel} sx={{ mr: 'auto' }}>
            Stop building
          </Button>
        )
      }
    >
      <Box component="fieldset" sx={{ border: 0, p: 0, m: 0 }} disabled={job.isBusy || isReady}>
        <FormLabel component="legend">Releases</FormLabel>
        <FormGroup sx={{ maxHeight: 180, overflow: 'auto', flexWrap: 'nowrap' }}>
          {(releases.data ?? []).map(({ record, modelName, versionName }) => (
            <FormControlLabel
              key={record.id}
              control={<Checkbox size="small" checked={chosen.has(record.id)} onChange={() => toggle(record.id)} />}
              label={`${modelName} ${versionName} (${record.state})`}
              slotProps={{ typography: { variant: 'body2' } }}
            />
          ))}
          {releases.data?.length === 0 && <Box sx={{ typography: 'body2' }}>There is no release to export yet.</Box>}
        </FormGroup>
      </Box>
      <TextField
        label="Title"
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
        disabled={job.isBusy || isReady}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      {!isReady && <ReasonField value={reason} onChange={setReason} />}
      {job.isBusy && <Progress label="Building the file" done={job.job?.progress ?? null} detail={job.job?.message} />}
      {job.problem !== null && <ErrorState title="The file was not built" message={job.problem} />}
      {isReady && <Status status="ok" label={`The file is ready: ${fileName}`} />}
      {file.done !== null && <Progress label="Reading the file" done={file.done} />}
      {file.problem !== null && <ErrorState title="The file was not saved" message={file.problem} />}
    </FormDialog>
  )
}
