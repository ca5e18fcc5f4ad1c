import Box from '@mui/material/Box'
import { useState } from 'react'
import { useSearchValue } from '../../data/use-search-value.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Progress } from '../../widgets/Progress.tsx'
import { ErrorState, Loading } from '../../widgets/States.tsx'
import { ExportDialog } from '../shared/ExportDialog.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { auditHeadline } from './audit-headline.ts'
import { CheckpointSection } from './CheckpointSection.tsx'
import { EntryDialog } from './EntryDialog.tsx'
import { LogSection } from './LogSection.tsx'
import { OfflineGuide } from './OfflineGuide.tsx'
import { useVerification } from './use-verification.ts'

const follows = { records: true }
/** A log so long is recomputed in an instant, and so without being asked. */
const quickEntries = 20_000

/** Everything that was decided, by whom and why, and the proof that nothing of it was changed. */
export function AuditPage() {
  const checkpoint = useQueryMethod('audit.checkpoint', {}, { follows })
  const newest = useQueryMethod('audit.list', { limit: 1 }, { follows })
  const total = newest.data?.total ?? null
  const verification = useVerification(total !== null && total <= quickEntries)
  const [isExporting, setIsExporting] = useState(false)
  const [entry, setEntry] = useSearchValue('entry')
  const index = entry !== null && /^\d{1,15}$/.test(entry) ? Number(entry) : null
  return (
    <>
      <PageHeader
        title="Audit"
        actions={
          <>
            <GuardedButton
              method="audit.verify"
              variant="outlined"
              whyNot={verification.isBusy ? 'It is being verified' : null}
              onClick={() => void verification.run()}
            >
              Verify the whole log
            </GuardedButton>
            <GuardedButton method="audit.export" variant="contained" onClick={() => setIsExporting(true)}>
              Export for the auditor
            </GuardedButton>
          </>
        }
      />
      <Box sx={{ display: 'grid', gap: 2 }}>
        {checkpoint.error !== null && checkpoint.data === undefined ? (
          <ErrorState message={checkpoint.error.message} onRetry={() => void checkpoint.refetch()} />
        ) : checkpoint.data === undefined ? (
          <Loading rows={1} height={44} label="Loading the summary" />
        ) : (
          <Headline {...auditHeadline(total, checkpoint.data, verification.result)} />
        )}
        {verification.isBusy && (
          <Progress label="Recomputing every hash of the log" done={null} onCancel={verification.stop} />
        )}
        {verification.problem !== null && (
          <ErrorState title="The log could not be verified" message={verification.problem} />
        )}
        <LogSection onOpen={(opened) => setEntry(String(opened))} />
        {checkpoint.data && <CheckpointSection checkpoint={checkpoint.data} />}
        <OfflineGuide />
      </Box>
      {index !== null && <EntryDialog index={index} onClose={() => setEntry(null)} />}
      {isExporting && <ExportDialog onClose={() => setIsExporting(false)} />}
    </>
  )
}
