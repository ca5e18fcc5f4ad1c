import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'
import type { Mapping, MappingSpec } from '../../../../contract/mapping.ts'
import { pathTo } from '../../../data/paths.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { CodeBlock } from '../../shared/CodeBlock.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { PathLink } from '../../shared/PathLink.tsx'

export type MappingHistoryProps = {
  mapping: { revision: number; record: Mapping }
  onEdit: (begin: MappingSpec) => void
  onClose: () => void
}

/** Every version of a mapping: who, when, why, and what it was; each can be taken up again. */
export function MappingHistory({ mapping, onEdit, onClose }: MappingHistoryProps) {
  const titleId = useId()
  const query = useQueryMethod('mappings.history', { id: mapping.record.id }, { follows: { records: ['mapping'] } })
  const [chosen, setChosen] = useState(mapping.revision)
  const version = query.data?.find(({ revision }) => revision === chosen)
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{mapping.record.spec.name}</DialogTitle>
      <DialogContent>
        <Answer query={query} label="versions" rows={4}>
          {(versions) => (
            <Box sx={{ display: 'grid', gap: 2, pt: 1 }}>
              <ChoiceField
                label="Version"
                value={String(chosen)}
                choices={versions.map(({ revision, authorName }) => ({
                  id: String(revision),
                  label: `${String(revision)}, by ${authorName}`,
                }))}
                onChange={(id) => setChosen(Number(id))}
              />
              {version !== undefined && (
                <>
                  <KeyValue
                    items={[
                      { label: 'Saved', value: <Time at={version.at} withSeconds /> },
                      { label: 'By', value: version.authorName },
                      { label: 'Why', value: version.record.reason },
                      { label: 'In force', value: version.record.isEnabled ? 'yes' : 'no' },
                      {
                        label: 'Audit entry',
                        value: (
                          <PathLink to={pathTo.auditEntry(version.auditIndex)}>{String(version.auditIndex)}</PathLink>
                        ),
                      },
                    ]}
                  />
                  <CodeBlock text={JSON.stringify(version.record.spec, null, 2)} label="mapping" maxHeight={320} />
                </>
              )}
            </Box>
          )}
        </Answer>
      </DialogContent>
      <DialogActions>
        <GuardedButton method="mappings.save" onClick={() => version !== undefined && onEdit(version.record.spec)}>
          {chosen === mapping.revision ? 'Change' : 'Begin from this version'}
        </GuardedButton>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}
