import type { Limit } from '../../../../contract/finding.ts'
import type { TableColumn } from '../../../widgets/DataTable.tsx'
import { Severity } from '../../shared/Severity.tsx'
import { kindWord, subjectWord } from '../../shared/words.ts'
import { acceptableWord, limitSentence, persistenceWord, warningWord } from './limit-words.ts'

export const limitColumns: TableColumn<Limit>[] = [
  {
    id: 'kind',
    header: 'Question',
    width: 140,
    sortKey: ({ kind }) => kindWord(kind),
    render: ({ kind }) => kindWord(kind),
  },
  {
    id: 'number',
    header: 'Number',
    sortKey: ({ kind, subject }) => subjectWord(kind, subject),
    title: limitSentence,
    render: ({ kind, subject }) => subjectWord(kind, subject),
  },
  { id: 'acceptable', header: 'Acceptable', width: '16%', render: acceptableWord },
  { id: 'warning', header: 'Warning', width: '19%', render: warningWord },
  {
    id: 'persistence',
    header: 'Alert after',
    width: 128,
    hint: 'How many of the last findings must breach',
    render: persistenceWord,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: 112,
    sortKey: ({ severity }) => severity,
    render: ({ severity }) => <Severity severity={severity} />,
  },
]
