import Box from '@mui/material/Box'
import { useState } from 'react'
import { useParams } from 'react-router'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Hallmark } from '../../widgets/Hallmark.tsx'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Answer } from '../shared/Answer.tsx'
import { ExportDialog } from '../shared/ExportDialog.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { CertificateDialog } from './CertificateDialog.tsx'
import { ReleaseActions } from './ReleaseActions.tsx'
import { ReleaseFacts } from './ReleaseFacts.tsx'
import { ReleaseReceipts } from './ReleaseReceipts.tsx'
import { ReleaseSteps } from './ReleaseSteps.tsx'
import { releaseHeadline } from './release-headline.ts'
import { StateStepper } from './StateStepper.tsx'
import { TestRuns } from './TestRuns.tsx'

/** One release: where it stands, on which evidence, who signed what, and what comes next. */
export function ReleasePage() {
  const { releaseId = '' } = useParams()
  const query = useQueryMethod(
    'releases.get',
    { id: releaseId },
    { follows: { records: ['release', 'testRun', 'testPlan', 'certificate', 'action', 'deployment'] } },
  )
  const [showsCertificate, setShowsCertificate] = useState(false)
  const [isExporting, setIsExporting] = useState(false)
  const nowAt = useNow()
  const answer = query.data
  const name = answer === undefined ? 'Release' : `${answer.modelName} ${answer.versionName}`
  const isCertified = answer?.certificate?.decision === 'certified'
  return (
    <>
      <PageHeader
        title={name}
        context={<PathLink to={pathTo.releases()}>Releases</PathLink>}
        mark={isCertified && <Hallmark label="certified" onShowProof={() => setShowsCertificate(true)} />}
        actions={
          <GuardedButton
            method="audit.export"
            variant="outlined"
            whyNot={answer === undefined ? 'It is not loaded yet' : null}
            onClick={() => setIsExporting(true)}
          >
            Export for the auditor
          </GuardedButton>
        }
      />
      <Answer query={query} label="release" rows={10}>
        {(data) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...releaseHeadline(data)} />
            <StateStepper release={data.release.record} userNames={data.userNames} />
            <ReleaseSteps answer={data} onReload={() => query.refetch()} />
            <TestRuns answer={data} />
            <ReleaseActions answer={data} />
            <Box sx={{ display: 'grid', gridTemplateColumns: { lg: '1fr 1fr' }, gap: 2, alignItems: 'start' }}>
              <ReleaseFacts answer={data} nowAt={nowAt} onShowCertificate={() => setShowsCertificate(true)} />
              <ReleaseReceipts receipts={data.receipts} />
            </Box>
            {showsCertificate && data.certificate !== null && (
              <CertificateDialog certificate={data.certificate} onClose={() => setShowsCertificate(false)} />
            )}
            {isExporting && (
              <ExportDialog releaseIds={[data.release.record.id]} title={name} onClose={() => setIsExporting(false)} />
            )}
          </Box>
        )}
      </Answer>
    </>
  )
}
