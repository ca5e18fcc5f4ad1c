import { DataTable } from '../../../widgets/DataTable.tsx'
import { Digest } from '../../../widgets/Digest.tsx'
import { formatCount } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { useModelView } from '../model-view.ts'

/** The data sets of the model: immutable, named by their content. */
export function DatasetTable({ onImport }: { onImport: () => void }) {
  const { datasets, nowAt } = useModelView()
  return (
    <Section title="Data sets" note="Immutable tables, named by the digest of their content" flush>
      <DataTable
        label="Data sets"
        rows={[...datasets].sort((left, right) => right.createdAt - left.createdAt)}
        rowKey={(dataset) => dataset.id}
        maxHeight={320}
        empty={
          <Empty
            title="No data sets yet"
            hint="A reference says what is normal; a test set is what releases are measured on."
            action={{ label: 'Import a file', onClick: onImport }}
          />
        }
        columns={[
          {
            id: 'name',
            header: 'Name',
            sortKey: ({ name }) => name,
            title: ({ name }) => name,
            render: ({ name }) => name,
          },
          { id: 'role', header: 'Role', width: 110, sortKey: ({ role }) => role, render: ({ role }) => role },
          {
            id: 'rows',
            header: 'Rows',
            align: 'right',
            width: 90,
            sortKey: ({ rows }) => rows,
            render: ({ rows }) => formatCount(rows),
          },
          {
            id: 'columns',
            header: 'Columns',
            align: 'right',
            width: 84,
            sortKey: ({ columns }) => columns.length,
            title: ({ columns }) => columns.map(({ name, role }) => `${name} (${role})`).join(', '),
            render: ({ columns }) => formatCount(columns.length),
          },
          {
            id: 'created',
            header: 'Imported (UTC)',
            width: 220,
            sortKey: ({ createdAt }) => createdAt,
            render: ({ createdAt }) => <Time at={createdAt} nowAt={nowAt} />,
          },
          {
            id: 'digest',
            header: 'Digest',
            width: 170,
            render: ({ digest, name }) => <Digest digest={digest} label={`digest of ${name}`} />,
          },
        ]}
      />
    </Section>
  )
}
