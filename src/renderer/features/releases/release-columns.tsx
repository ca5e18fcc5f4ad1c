import { pathTo } from '../../data/paths.ts'
import type { TableColumn } from '../../widgets/DataTable.tsx'
import { absent } from '../../widgets/format.ts'
import { Status } from '../../widgets/Status.tsx'
import { Time } from '../../widgets/Time.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { nextWords, stateWords } from './release-words.ts'
import type { ReleaseRow } from './releases-headline.ts'

export const releaseColumns = (nameOf: (id: string | null) => string): TableColumn<ReleaseRow>[] => [
  {
    id: 'name',
    header: 'Release',
    sortKey: ({ modelName, versionName }) => `${modelName} ${versionName}`,
    render: ({ record, modelName, versionName }) => (
      <PathLink underline="hover" to={pathTo.release(record.id)}>{`${modelName} ${versionName}`}</PathLink>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 136,
    sortKey: ({ record }) => stateWords[record.state].word,
    render: ({ record }) => <Status status={stateWords[record.state].status} label={stateWords[record.state].word} />,
  },
  {
    id: 'next',
    header: 'Waits for',
    width: '20%',
    render: ({ record }) => nextWords[record.state] ?? absent,
  },
  {
    id: 'reason',
    header: 'Why',
    width: '24%',
    title: ({ record }) => record.reason,
    render: ({ record }) => record.reason,
  },
  {
    id: 'by',
    header: 'Submitted by',
    width: 140,
    sortKey: ({ record }) => nameOf(record.submittedBy),
    render: ({ record }) => nameOf(record.submittedBy),
  },
  {
    id: 'created',
    header: 'Submitted',
    width: 172,
    sortKey: ({ record }) => record.createdAt,
    render: ({ record }) => <Time at={record.createdAt} />,
  },
]
