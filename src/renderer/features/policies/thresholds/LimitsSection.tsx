import type { Limit } from '../../../../contract/finding.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { limitColumns } from './limit-columns.tsx'
import { limitKey } from './limit-words.ts'

/** The limits in force. */
export function LimitsSection({ limits, notes }: { limits: readonly Limit[]; notes: readonly string[] }) {
  return (
    <Section
      title="Limits in force"
      note={['The limit with the most selectors applies to a number.', ...notes].join(' ')}
      flush
    >
      <DataTable
        label="limits"
        columns={limitColumns}
        rows={[...limits]}
        rowKey={(limit, index) => `${limitKey(limit)} ${index}`}
        maxHeight={520}
        empty={<Empty title="There is no limit yet" hint="Change the limits to add some." />}
      />
    </Section>
  )
}
