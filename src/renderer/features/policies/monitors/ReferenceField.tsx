import Box from '@mui/material/Box'
import type { Monitor } from '../../../../contract/finding.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { DurationField } from '../../shared/DurationField.tsx'
import { WindowFields } from './WindowFields.tsx'

type Reference = Monitor['reference']
const weekMs = 7 * 86_400_000

const kinds: { id: Reference['kind']; label: string }[] = [
  { id: 'default', label: 'the reference of the version that runs' },
  { id: 'dataset', label: 'a dataset' },
  { id: 'previous', label: 'the time before the window' },
  { id: 'window', label: 'a fixed window' },
]

export type ReferenceFieldProps = {
  value: Reference
  /** Model whose datasets may be chosen; null where there is none. */
  modelId: string | null
  onChange: (reference: Reference) => void
}

/** What the window is compared with. */
export function ReferenceField({ value, modelId, onChange }: ReferenceFieldProps) {
  const model = useQueryMethod('models.get', { id: modelId ?? '' }, { enabled: modelId !== null })
  const datasets = (model.data?.datasets ?? []).map(({ record }) => ({ id: record.id, label: record.name }))
  const blank: Record<Reference['kind'], () => Reference | null> = {
    default: () => ({ kind: 'default' }),
    dataset: () => (datasets.length === 0 ? null : { kind: 'dataset', datasetId: datasets[0].id }),
    previous: () => ({ kind: 'previous', lengthMs: weekMs }),
    window: () => ({ kind: 'window', window: { from: Date.now() - 2 * weekMs, to: Date.now() - weekMs } }),
  }
  const offered = kinds.filter(({ id }) => id !== 'dataset' || datasets.length > 0)
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
      <ChoiceField
        label="Compared with"
        value={value.kind}
        choices={offered}
        onChange={(id) => {
          const chosen = offered.find((kind) => kind.id === id)
          const reference = chosen === undefined ? null : blank[chosen.id]()
          if (reference !== null) onChange(reference)
        }}
      />
      {value.kind === 'dataset' && (
        <ChoiceField
          label="Dataset"
          value={value.datasetId}
          choices={datasets}
          onChange={(datasetId) => onChange({ kind: 'dataset', datasetId })}
        />
      )}
      {value.kind === 'previous' && (
        <DurationField
          label="For a length of"
          valueMs={value.lengthMs}
          onChange={(lengthMs) => onChange({ kind: 'previous', lengthMs: lengthMs ?? 0 })}
          problem={value.lengthMs < 3_600_000 ? 'At least one hour' : null}
        />
      )}
      {value.kind === 'window' && (
        <WindowFields window={value.window} onChange={(window) => onChange({ kind: 'window', window })} />
      )}
    </Box>
  )
}
