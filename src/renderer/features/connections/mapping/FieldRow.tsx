import DeleteOutlined from '@mui/icons-material/DeleteOutlined'
import Autocomplete from '@mui/material/Autocomplete'
import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import IconButton from '@mui/material/IconButton'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { FieldPick } from '../../../../contract/mapping.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { parseWords, unitOf, units, withUnit, wordsText } from './mapping-draft.ts'
import { OriginFields } from './OriginFields.tsx'

export type FieldRowProps = {
  field: FieldPick
  targets: readonly string[]
  isActive: boolean
  problem: string | null
  onActivate: () => void
  onChange: (field: FieldPick) => void
  onRemove: () => void
}

/** One field: what it fills, where that comes from, its unit and its words. */
export function FieldRow({ field, targets, isActive, problem, onActivate, onChange, onRemove }: FieldRowProps) {
  const [words, setWords] = useState(() => wordsText(field.translate))
  const parsed = parseWords(words)
  const unit = unitOf(field)
  const typeWords = (text: string) => {
    setWords(text)
    const table = parseWords(text)
    if (table === null) return
    const { translate: _, ...rest } = field
    onChange(Object.keys(table).length === 0 ? rest : { ...rest, translate: table })
  }
  return (
    <Box
      onFocusCapture={onActivate}
      role="group"
      aria-label={`Field ${field.to}`}
      sx={{
        display: 'grid',
        gap: 1,
        p: 1,
        border: 1,
        borderRadius: 1,
        borderColor: problem !== null ? 'error.main' : isActive ? 'primary.main' : 'divider',
      }}
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: '1.1fr 2fr auto', gap: 1, alignItems: 'start' }}>
        <Autocomplete
          freeSolo
          disableClearable
          options={[...targets]}
          inputValue={field.to}
          onInputChange={(_, to) => to !== field.to && onChange({ ...field, to })}
          renderInput={(params) => <TextField {...params} label="Field" size="small" error={problem !== null} />}
        />
        <OriginFields origin={field.from} onChange={(from) => onChange({ ...field, from })} />
        <IconButton aria-label={`Remove the field ${field.to}`} onClick={onRemove}>
          <DeleteOutlined fontSize="small" />
        </IconButton>
      </Box>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Box sx={{ width: 150, display: 'grid' }}>
          <ChoiceField
            label="Unit"
            value={unit}
            choices={units.map(({ id, label }) => ({ id, label }))}
            onChange={(id) => onChange(withUnit(field, id))}
            required={false}
          />
        </Box>
        {unit === 'custom' && (
          <>
            <Box sx={{ width: 100 }}>
              <NumberField
                label="×"
                value={field.scale ?? 1}
                onChange={(scale) => onChange({ ...field, scale: scale ?? 1 })}
              />
            </Box>
            <Box sx={{ width: 100 }}>
              <NumberField
                label="+"
                value={field.offset ?? 0}
                onChange={(offset) => onChange({ ...field, offset: offset ?? 0 })}
              />
            </Box>
          </>
        )}
        <TextField
          label="Words"
          placeholder="1=dog, 0=cat"
          value={words}
          onChange={(event) => typeWords(event.target.value)}
          error={parsed === null}
          size="small"
          sx={{ flex: 1, minWidth: 120 }}
        />
        <FormControlLabel
          control={
            <Switch
              size="small"
              checked={field.isOptional === true}
              onChange={(event) => {
                const { isOptional: _, ...rest } = field
                onChange(event.target.checked ? { ...rest, isOptional: true } : rest)
              }}
            />
          }
          label="may be missing"
          slotProps={{ typography: { variant: 'body2' } }}
        />
      </Box>
      {problem !== null && <Box sx={{ typography: 'caption', color: 'error.main' }}>{problem}</Box>}
    </Box>
  )
}
