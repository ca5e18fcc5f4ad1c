import DeleteOutlined from '@mui/icons-material/DeleteOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import IconButton from '@mui/material/IconButton'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { isBlobKind } from '../../../../contract/blob.ts'
import type { Cohort } from '../../../../contract/cohort.ts'
import type { SliceCondition } from '../../../../contract/error-slices.ts'
import type { ColumnType } from '../../../../contract/model.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { useDeployedView } from '../model-view.ts'
import { conditionText } from '../samples/slice.ts'
import { type ConditionDraft, draftOf, operatorsOf, operatorWords, readCondition } from './condition-draft.ts'

export type CohortDialogProps = {
  /** Null saves a new one. */
  source: { revision: number; record: Cohort } | null
  /** Conditions of the slice that a new one is saved from. */
  conditions: readonly SliceCondition[]
  onClose: () => void
}

/** A slice saved under a name, to be followed over time. */
export function CohortDialog({ source, conditions, onClose }: CohortDialogProps) {
  const { model, version } = useDeployedView()
  const save = useCommand('cohorts.save')
  const columns = version.schema.columns.filter(({ type }) => !isBlobKind(type))
  const [drafts, setDrafts] = useState<Keyed[]>(() => {
    const given = (source?.record.conditions ?? conditions).map(draftOf)
    return (given.length > 0 ? given : [blankOf(columns[0])]).map((draft, key) => ({ ...draft, key }))
  })
  const [name, setName] = useState(source?.record.name ?? conditions.map(conditionText).join(', ').slice(0, 100))
  const [note, setNote] = useState(source?.record.note ?? '')
  const [isFollowed, setFollowed] = useState(source?.record.isFollowed ?? true)
  const read = drafts.map(readCondition)
  const known = read.filter((condition) => condition !== null)
  const change = (place: number, changes: Partial<ConditionDraft>) =>
    setDrafts(drafts.map((draft, i) => (i === place ? { ...draft, ...changes } : draft)))
  return (
    <FormDialog
      title={source === null ? 'Save a cohort' : `Edit ${source.record.name}`}
      consequence="Every answer about errors gives a number on it, on which limits can be set; samples are in it when they meet all conditions."
      submitLabel="Save"
      complete={name.trim() !== '' && known.length === drafts.length}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          {
            id: source?.record.id ?? null,
            revision: source?.revision ?? null,
            cohort: { modelId: model.id, name, conditions: known, note, isFollowed },
          },
          { onSuccess: onClose },
        )
      }
    >
      <TextField label="Name" value={name} onChange={(event) => setName(event.target.value)} required autoFocus />
      {drafts.map((draft, place) => (
        <Box
          key={draft.key}
          sx={{ display: 'grid', gap: 1, gridTemplateColumns: '1.2fr 1fr 1.2fr auto', alignItems: 'center' }}
        >
          <ChoiceField
            label="Column"
            value={draft.column}
            choices={namesOf(columns, draft.column).map((id) => ({ id, label: id }))}
            onChange={(column) => change(place, blankOf(columns.find((each) => each.name === column)))}
          />
          <ChoiceField
            label="Condition"
            value={draft.operator}
            choices={choicesOf(columns, draft).map((id) => ({ id, label: operatorWords[id] }))}
            onChange={(id) =>
              change(place, { operator: choicesOf(columns, draft).find((each) => each === id) ?? '<=' })
            }
          />
          {draft.operator === 'missing' ? (
            <span />
          ) : (
            <TextField
              label={Array.isArray(readCondition(draft)?.value) ? 'Values, with commas' : 'Value'}
              value={draft.value}
              onChange={(event) => change(place, { value: event.target.value })}
              required
            />
          )}
          <IconButton
            aria-label={`Remove condition ${place + 1}`}
            disabled={drafts.length === 1}
            onClick={() => setDrafts(drafts.filter((_, i) => i !== place))}
          >
            <DeleteOutlined sx={{ fontSize: 18 }} />
          </IconButton>
        </Box>
      ))}
      <Box>
        <Button
          disabled={drafts.length >= 20}
          onClick={() =>
            setDrafts([...drafts, { ...blankOf(columns[0]), key: 1 + Math.max(...drafts.map(({ key }) => key)) }])
          }
        >
          Add a condition
        </Button>
      </Box>
      <TextField label="Note" value={note} onChange={(event) => setNote(event.target.value)} multiline maxRows={4} />
      <FormControlLabel
        control={<Switch checked={isFollowed} onChange={(_, checked) => setFollowed(checked)} />}
        label="Followed: monitors of errors give a number on it"
      />
    </FormDialog>
  )
}

/** A key of its own, so that what is typed stays with its condition when another is removed. */
type Keyed = ConditionDraft & { key: number }
type ColumnLike = { readonly name: string; readonly type: ColumnType }

const blankOf = (column: ColumnLike | undefined): ConditionDraft => ({
  column: column?.name ?? '',
  operator: operatorsOf(column?.type ?? 'numeric')[0],
  value: '',
})

/** A condition may name a column that the version does not declare. */
const namesOf = (columns: readonly ColumnLike[], own: string) => {
  const names = columns.map(({ name }) => name)
  return own === '' || names.includes(own) ? names : [own, ...names]
}

const choicesOf = (columns: readonly ColumnLike[], { column, operator }: ConditionDraft) => {
  const fitting = operatorsOf(columns.find(({ name }) => name === column)?.type ?? 'categorical')
  return fitting.includes(operator) ? fitting : [operator, ...fitting]
}
