import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useId, useState } from 'react'
import { type BlobKind, type BlobMeasure, type BlobOptions, measuresOf, scriptName } from '../../../../contract/blob.ts'
import { NumberField } from '../../shared/NumberField.tsx'
import { measureWords } from './measure-words.ts'
import { namesIn } from './schema-draft.ts'

export type BlobOptionsButtonProps = {
  name: string
  kind: BlobKind
  value: BlobOptions | undefined
  onChange: (value: BlobOptions | undefined) => void
}

const formats: Record<BlobKind, string> = { image: 'PNG, JPEG', audio: 'WAV', text: 'text', embedding: 'numbers' }

/** What is measured of a column of files when it arrives, and what else it declares. */
export function BlobOptionsButton({ name, kind, value, onChange }: BlobOptionsButtonProps) {
  const [isOpen, setOpen] = useState(false)
  const all: readonly BlobMeasure[] = measuresOf[kind]
  const chosen = value?.descriptors ?? all
  const count = chosen.length === all.length ? 'all measures' : `${chosen.length} of ${all.length} measures`
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)} sx={{ justifyContent: 'start' }}>
        {`${formats[kind]}; ${count}`}
      </Button>
      {isOpen && (
        <BlobOptionsDialog
          {...{ name, kind, all, chosen, onChange }}
          value={value ?? {}}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

function BlobOptionsDialog(props: {
  name: string
  kind: BlobKind
  all: readonly BlobMeasure[]
  chosen: readonly BlobMeasure[]
  value: BlobOptions
  onChange: (value: BlobOptions | undefined) => void
  onClose: () => void
}) {
  const { name, kind, all, chosen, value, onChange, onClose } = props
  const titleId = useId()
  const [words, setWords] = useState(value.vocabulary?.join(', ') ?? '')
  const change = (changes: Partial<BlobOptions>) => {
    const next = Object.fromEntries(Object.entries({ ...value, ...changes }).filter(([, each]) => each !== undefined))
    onChange(Object.keys(next).length === 0 ? undefined : next)
  }
  const toggle = (measure: BlobMeasure) => {
    const next = all.filter((each) => chosen.includes(each) !== (each === measure))
    change({ descriptors: next.length === all.length ? undefined : next })
  }
  const toggleScript = (script: (typeof scriptName.options)[number]) => {
    const next = scriptName.options.filter((each) => (value.scripts ?? []).includes(each) !== (each === script))
    change({ scripts: next.length === 0 ? undefined : next })
  }
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{`What is measured of “${name}”`}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography variant="body2" color="textSecondary">
          {`Each becomes a column such as “${name}.${all[0]}”: it is profiled, drifts and forms slices like any other. A sample that brings the value itself keeps its own.`}
        </Typography>
        <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, display: 'grid' }}>
          {all.map((measure) => (
            <FormControlLabel
              key={measure}
              label={measureWords[measure]}
              control={<Checkbox size="small" checked={chosen.includes(measure)} onChange={() => toggle(measure)} />}
            />
          ))}
        </Box>
        {kind === 'text' && (
          <>
            <TextField
              label="Words that the model knows"
              multiline
              minRows={2}
              maxRows={8}
              value={words}
              onChange={(event) => {
                setWords(event.target.value)
                const known = namesIn(event.target.value.toLowerCase().replaceAll('\n', ','))
                change({ vocabulary: known.length === 0 ? undefined : known.slice(0, 10_000) })
              }}
              helperText="Between commas, or a line each"
            />
            <Box component="fieldset" sx={{ border: 0, p: 0, m: 0 }}>
              <Typography component="legend" variant="body2" color="textSecondary">
                Scripts in which the texts are expected
              </Typography>
              {scriptName.options.map((script) => (
                <FormControlLabel
                  key={script}
                  label={script}
                  control={
                    <Checkbox
                      size="small"
                      checked={value.scripts?.includes(script) ?? false}
                      onChange={() => toggleScript(script)}
                    />
                  }
                />
              ))}
            </Box>
          </>
        )}
        {kind === 'embedding' && (
          <>
            <NumberField
              label="Numbers in each"
              value={value.length ?? null}
              onChange={(length) => change({ length: length === null || length < 1 ? undefined : Math.round(length) })}
            />
            <Typography variant="body2" color="textSecondary">
              The centre from which distances are measured is a list of so many numbers: “blob.center” in the schema as
              JSON
            </Typography>
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}
