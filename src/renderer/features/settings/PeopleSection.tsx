import Box from '@mui/material/Box'
import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { roleList } from '../../data/session.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { Digest } from '../../widgets/Digest.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Status } from '../../widgets/Status.tsx'
import { Time } from '../../widgets/Time.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { CreatePersonDialog } from './CreatePersonDialog.tsx'
import { dutyGaps } from './duties.ts'
import { EditPersonDialog } from './EditPersonDialog.tsx'

type PersonRow = OutputOf<'users.list'>[number]

/** Who may do what. Ids are never reused: who leaves is disabled. */
export function PeopleSection() {
  const query = useQueryMethod('users.list', {}, { follows: { records: ['user'] } })
  const [open, setOpen] = useState<'create' | string | null>(null)
  const edited = query.data?.find(({ record }) => record.id === open) ?? null
  const gaps = dutyGaps((query.data ?? []).map(({ record }) => record))
  const columns: TableColumn<PersonRow>[] = [
    { id: 'name', header: 'Name', sortKey: ({ record }) => record.name, render: ({ record }) => record.name },
    {
      id: 'login',
      header: 'Login',
      width: 130,
      sortKey: ({ record }) => record.login,
      render: ({ record }) => <code>{record.login}</code>,
    },
    {
      id: 'roles',
      header: 'Roles',
      width: '26%',
      title: ({ record }) => roleList(record.roles),
      render: ({ record }) => roleList(record.roles),
    },
    {
      id: 'state',
      header: 'State',
      width: 116,
      sortKey: ({ record }) => (record.isDisabled ? 1 : 0),
      render: ({ record }) =>
        record.isDisabled ? <Status status="unknown" label="Disabled" /> : <Status status="ok" label="Active" />,
    },
    {
      id: 'key',
      header: 'Signing key',
      width: 190,
      render: ({ record }) => <Digest digest={record.keyId} label={`key id of ${record.name}`} />,
    },
    {
      id: 'since',
      header: 'Since',
      width: 168,
      sortKey: ({ record }) => record.createdAt,
      render: ({ record }) => <Time at={record.createdAt} />,
    },
    {
      id: 'edit',
      header: 'Change',
      width: 104,
      align: 'right',
      render: ({ record }) => (
        <GuardedButton
          method="users.update"
          aria-label={`Edit ${record.name}`}
          sx={{ minHeight: 26, py: 0 }}
          onClick={() => setOpen(record.id)}
        >
          Edit
        </GuardedButton>
      ),
    },
  ]
  return (
    <Section
      title="People"
      flush
      note="Certifying is the QA expert’s, approving the product owner’s; nobody does both on one release."
      actions={
        <GuardedButton method="users.create" variant="outlined" onClick={() => setOpen('create')}>
          Add a person
        </GuardedButton>
      }
    >
      <DataTable
        label="people"
        columns={columns}
        rows={query.data ?? []}
        rowKey={({ record }) => record.id}
        loading={query.isPending}
        error={query.error && { message: query.error.message, onRetry: () => void query.refetch() }}
        maxHeight={340}
      />
      {/* A single gap is the sentence with which the page opens. */}
      {gaps.length > 1 && (
        <Box component="ul" sx={{ m: 0, p: 2, pt: 1, listStyle: 'none', typography: 'body2' }}>
          {gaps.map((gap) => (
            <li key={gap}>
              <Status status="warning" label="Duties" /> {gap}
            </li>
          ))}
        </Box>
      )}
      {open === 'create' && <CreatePersonDialog onClose={() => setOpen(null)} />}
      {edited !== null && (
        <EditPersonDialog
          source={edited}
          onReload={async () =>
            (await query.refetch()).data?.find(({ record }) => record.id === edited.record.id) ?? null
          }
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  )
}
