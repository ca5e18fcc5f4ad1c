import Box from '@mui/material/Box'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import type { AuditEntry } from '../../../contract/audit.ts'
import { role } from '../../../contract/user.ts'
import { roleList } from '../../data/session.ts'
import { Digest } from '../../widgets/Digest.tsx'
import { absent } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Time } from '../../widgets/Time.tsx'
import { entryWord } from '../shared/audit-words.ts'
import { FactView } from '../shared/FactView.tsx'
import { spellOut } from '../shared/words.ts'

/** What an entry says: who did what to what, why, and which records it changed, by digest. */
export function EntryFacts({ entry }: { entry: AuditEntry }) {
  const { actor, action, subject, reason, details, changes } = entry
  const roles = actor.roles.flatMap((each) => role.safeParse(each).data ?? [])
  return (
    <>
      <KeyValue
        items={[
          { label: 'What', value: `${entryWord(entry)} (${action})` },
          { label: 'Who', value: roles.length === 0 ? actor.name : `${actor.name} (${roleList(roles)})` },
          { label: 'When', value: <Time at={entry.at} withSeconds /> },
          {
            label: 'Of',
            value: subject === null ? absent : `${subject.name} (${spellOut(subject.kind)} ${subject.id})`,
          },
          { label: 'Why', value: reason ?? absent },
          ...(Object.keys(details).length === 0 ? [] : [{ label: 'Details', value: <FactView value={details} /> }]),
        ]}
      />
      {changes.length > 0 && (
        <Box sx={{ overflowX: 'auto' }}>
          <Table size="small" aria-label="changed records">
            <TableHead>
              <TableRow>
                <TableCell>Record</TableCell>
                <TableCell align="right">Revision</TableCell>
                <TableCell>Digest before</TableCell>
                <TableCell>Digest after</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {changes.map(({ kind, id, revision, before, after }) => (
                <TableRow key={`${kind} ${id}`}>
                  <TableCell>{`${spellOut(kind)} ${id}`}</TableCell>
                  <TableCell align="right">{revision}</TableCell>
                  <TableCell>
                    {before === null ? 'made anew' : <Digest digest={before} label="digest before" />}
                  </TableCell>
                  <TableCell>
                    <Digest digest={after} label="digest after" />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
    </>
  )
}
