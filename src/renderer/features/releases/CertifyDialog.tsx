import Box from '@mui/material/Box'
import { SignatureDialog } from '../../app/SignatureDialog.tsx'
import { useUser } from '../../data/session.ts'
import { useNow } from '../../data/use-now.ts'
import { useCommand } from '../../rpc/hooks.ts'
import type { StepDialogProps } from './ReleaseSteps.tsx'
import { refusalOf } from './refusal.ts'
import { newestRun } from './release-headline.ts'
import { WhatIsSigned } from './WhatIsSigned.tsx'

export type CertifyDialogProps = StepDialogProps & { decision: 'certified' | 'refused' }

/** Signs the certificate or the refusal, with what is signed spelled out. */
export function CertifyDialog({ answer, onReload, onClose, decision }: CertifyDialogProps) {
  const certify = useCommand('releases.certify')
  const user = useUser()
  const nowAt = useNow()
  const run = newestRun(answer)
  if (run === null) return null
  const { release, modelName, versionName } = answer
  const name = `${modelName} ${versionName}`
  const certifies = decision === 'certified'
  return (
    <SignatureDialog
      open
      title={certifies ? `Certify ${name}` : `Refuse ${name}`}
      statement={
        <>
          <Box sx={{ mb: 1 }}>
            {certifies
              ? 'With your own key you state that this version passed its test plan on this evidence:'
              : 'With your own key you state that this version must not go to production, on this evidence. The release ends here.'}
          </Box>
          <WhatIsSigned answer={answer} run={run} nowAt={nowAt} />
        </>
      }
      meanings={
        certifies
          ? [
              { value: 'review', label: 'I reviewed the evidence' },
              { value: 'responsibility', label: 'I take responsibility for this version' },
            ]
          : [{ value: 'review', label: 'I reviewed the evidence' }]
      }
      signerName={user.name}
      confirmLabel={certifies ? 'Sign the certificate' : 'Sign the refusal'}
      destructive={!certifies}
      busy={certify.isPending}
      error={refusalOf(certify.error)}
      onSign={(signature) =>
        certify.mutate(
          { id: release.record.id, revision: release.revision, decision, testRunId: run.id, signature },
          { onSuccess: onClose, onError: () => onReload() },
        )
      }
      onClose={onClose}
    />
  )
}
