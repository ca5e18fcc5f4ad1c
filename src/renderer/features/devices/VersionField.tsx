import { useQueries } from '@tanstack/react-query'
import { useQueryMethod, useRpcClient } from '../../rpc/hooks.ts'
import { ChoiceField } from '../shared/ChoiceField.tsx'

/** Chooses a version of any model; none is a choice too. */
export function VersionField({
  value,
  onChange,
}: {
  value: string | null
  onChange: (versionId: string | null) => void
}) {
  const client = useRpcClient()
  const models = useQueryMethod('models.list', {}, { follows: { records: ['model'] } })
  const all = useQueries({
    queries: (models.data ?? []).map(({ model }) => ({
      queryKey: ['models.get', { id: model.id }],
      queryFn: () => client.call('models.get', { id: model.id }),
    })),
  })
  const choices = all.flatMap(({ data }) =>
    (data?.versions ?? []).map(({ record }) => ({ id: record.id, label: `${data?.model.record.name} ${record.name}` })),
  )
  return (
    <ChoiceField
      label="Version it should run"
      value={value ?? 'none'}
      choices={[{ id: 'none', label: 'not said' }, ...choices]}
      onChange={(id) => onChange(id === 'none' ? null : id)}
      required={false}
    />
  )
}
