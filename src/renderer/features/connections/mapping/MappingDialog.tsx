import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import {
  type FieldPick,
  type Mapping,
  type MappingSpec,
  mappingSpec,
  type RawMessage,
} from '../../../../contract/mapping.ts'
import { useCommand, useQueryMethod } from '../../../rpc/hooks.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { isReason, ReasonField } from '../../shared/ReasonField.tsx'
import { FieldRow } from './FieldRow.tsx'
import { MappingPreview } from './MappingPreview.tsx'
import { fieldFor, type Leaf, targetsOf } from './mapping-draft.ts'
import { OriginFields } from './OriginFields.tsx'
import { RawMessages } from './RawMessages.tsx'

export type MappingDialogProps = {
  connectionId: string
  canListen: boolean
  /** What is changed; null for a new one. */
  source: { revision: number; record: Mapping } | null
  begin: MappingSpec
  onClose: () => void
}

/** Raw messages on the left, fields in the middle, what becomes of the newest ten messages on the right. */
export function MappingDialog({ connectionId, canListen, source, begin, onClose }: MappingDialogProps) {
  const [spec, setSpec] = useState<MappingSpec>(begin)
  const [isEnabled, setIsEnabled] = useState(source?.record.isEnabled ?? true)
  const [reason, setReason] = useState('')
  const [shown, setShown] = useState<RawMessage | null>(null)
  const [active, setActive] = useState<number | null>(null)
  const rows = useRowKeys(begin.fields.length)
  const save = useCommand('mappings.save')
  const set = (changes: Partial<MappingSpec>) => setSpec((before) => ({ ...before, ...changes }))
  const problems = problemsOf(mappingSpec, spec)
  const isWhole = problems.size === 0
  const preview = useQueryMethod(
    'mappings.preview',
    { connectionId, spec },
    {
      enabled: isWhole,
      keepsPrevious: true,
      follows: {
        data: ['connections', 'samples', 'telemetry', 'labels'],
        records: ['deployment', 'version', 'device'],
      },
    },
  )
  const told = isWhole ? (preview.error?.message ?? preview.data?.problem ?? null) : null

  const add = (field: FieldPick) => {
    rows.add()
    set({ fields: [...spec.fields, field] })
  }
  const pick = ({ path }: Leaf) => {
    const row = active === null ? undefined : spec.fields[active]
    const isEmpty = row?.from.kind === 'path' && row.from.path === ''
    if (row !== undefined && isEmpty)
      set({ fields: spec.fields.with(active ?? 0, { ...row, from: { kind: 'path', path } }) })
    else
      add(
        fieldFor(
          spec.makes,
          path,
          spec.fields.map(({ to }) => to),
        ),
      )
  }
  const problemOf = (to: string) => (told?.startsWith(`${to}: `) ? told.slice(to.length + 2) : null)

  return (
    <FormDialog
      title={source === null ? 'Map messages' : `Change the mapping “${source.record.spec.name}”`}
      submitLabel="Save as a version"
      maxWidth="xl"
      complete={isWhole && told === null && isReason(reason)}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          {
            ...{ id: source?.record.id ?? null, revision: source?.revision ?? null },
            ...{ connectionId, isEnabled, spec, reason },
          },
          { onSuccess: onClose },
        )
      }
    >
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          pt: 1,
          gridTemplateColumns: { md: 'minmax(0, 3fr) minmax(0, 5fr) minmax(0, 4fr)' },
        }}
      >
        <RawMessages
          connectionId={connectionId}
          canListen={canListen}
          topic={spec.topic}
          format={spec.format}
          hasElements={spec.each !== null}
          shown={shown}
          onShow={(message) => {
            setShown(message)
            if (spec.topic === '') set({ topic: message.source })
          }}
          onPick={pick}
        />
        <Box sx={{ display: 'grid', gap: 1.5, alignContent: 'start' }}>
          <Typography variant="subtitle2" component="h3">
            Fields
          </Typography>
          <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1 }}>
            <TextField
              label="Name"
              value={spec.name}
              onChange={(event) => set({ name: event.target.value })}
              required
              size="small"
            />
            <ChoiceField
              label="Makes"
              value={spec.makes}
              choices={[
                { id: 'telemetry', label: 'telemetry of a device' },
                { id: 'samples', label: 'predictions' },
                { id: 'labels', label: 'labels' },
              ]}
              onChange={(id) => set({ makes: mappingSpec.shape.makes.parse(id) })}
            />
          </Box>
          <TextField
            label="Topic"
            value={spec.topic}
            onChange={(event) => set({ topic: event.target.value })}
            error={problemOf('topic') !== null}
            helperText={problemOf('topic') ?? '{name} takes one level, {name+} the rest; both can be used below'}
            required
            size="small"
          />
          <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 2fr', gap: 1 }}>
            <ChoiceField
              label="Payload"
              value={spec.format}
              choices={[
                { id: 'json', label: 'JSON' },
                { id: 'text', label: 'bare text' },
              ]}
              onChange={(id) => set({ format: mappingSpec.shape.format.unwrap().parse(id) })}
            />
            <TextField
              label="Elements (JMESPath to a list)"
              value={spec.each ?? ''}
              onChange={(event) => set({ each: event.target.value === '' ? null : event.target.value })}
              error={problemOf('each') !== null}
              helperText={problemOf('each') ?? 'Empty: the message, or each element of it'}
              size="small"
            />
          </Box>
          <Typography variant="caption">
            {spec.makes === 'telemetry' ? 'Key of the device' : 'Key of the deployment'}
          </Typography>
          <OriginFields origin={spec.owner} onChange={(owner) => set({ owner })} />
          {problemOf('owner') !== null && (
            <Box sx={{ typography: 'caption', color: 'error.main' }}>{problemOf('owner')}</Box>
          )}
          {spec.fields.map((field, index) => (
            <FieldRow
              key={rows.keys[index]}
              field={field}
              targets={targetsOf[spec.makes]}
              isActive={active === index}
              problem={problemOf(field.to)}
              onActivate={() => setActive(index)}
              onChange={(changed) => set({ fields: spec.fields.with(index, changed) })}
              onRemove={() => {
                rows.remove(index)
                set({ fields: spec.fields.toSpliced(index, 1) })
              }}
            />
          ))}
          <Box>
            <Button variant="outlined" onClick={() => add({ to: '', from: { kind: 'path', path: '' } })}>
              Add a field
            </Button>
          </Box>
        </Box>
        <Box sx={{ display: 'grid', gap: 1.5, alignContent: 'start', minWidth: 0 }}>
          <Typography variant="subtitle2" component="h3">
            The newest messages, mapped
          </Typography>
          {isWhole ? (
            <MappingPreview rows={preview.data?.rows ?? []} problem={told} />
          ) : (
            <Typography variant="body2">
              Still missing: {[...problems.keys()].map((path) => path.replace(/^fields\.\d+\./, 'field ')).join(', ')}
            </Typography>
          )}
        </Box>
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: { md: '3fr 1fr' }, gap: 2, alignItems: 'center' }}>
        <ReasonField value={reason} onChange={setReason} />
        <FormControlLabel
          control={<Switch checked={isEnabled} onChange={(event) => setIsEnabled(event.target.checked)} />}
          label="In force"
        />
      </Box>
    </FormDialog>
  )
}

/** Names for rows, which have none of their own: what they fill is being typed. */
function useRowKeys(count: number) {
  const [state, setState] = useState(() => ({ keys: Array.from({ length: count }, (_, key) => key), next: count }))
  return {
    keys: state.keys,
    add: () => setState(({ keys, next }) => ({ keys: [...keys, next], next: next + 1 })),
    remove: (index: number) => setState(({ keys, next }) => ({ keys: keys.toSpliced(index, 1), next })),
  }
}
