import Box from '@mui/material/Box'
import { SignatureDialog } from '../../app/SignatureDialog.tsx'
import { useUser } from '../../data/session.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { Digest } from '../../widgets/Digest.tsx'
import { absent, formatDate, formatInstant } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import type { StepDialogProps } from './ReleaseSteps.tsx'
import { refusalOf } from './refusal.ts'

/** Signs that the certified version may go to production. */
export function ApproveDialog({ answer, onReload, onClose }: StepDialogProps) {
  const approve = useCommand('releases.approve')
  const user = useUser()
  const { release, modelName, versionName, fromVersionName, certificate } = answer
  const predicate = certificate?.predicate
  return (
    <SignatureDialog
      open
      title={`Approve ${modelName} ${versionName}`}
      statement={
        <>
          <Box sx={{ mb: 1 }}>
            With your own key you state that this version may take the place of {fromVersionName ?? 'what runs now'} in
            production, resting on this certificate:
          </Box>
          <KeyValue
            labelWidth={128}
            items={[
              { label: 'Version', value: `${modelName} ${versionName}` },
              {
                label: 'Certified by',
                value:
                  predicate === undefined
                    ? absent
                    : `${predicate.signer.userName}, ${formatInstant(predicate.issuedAt)} UTC: ${predicate.signer.reason}`,
              },
              {
                label: 'Test plan',
                value: predicate === undefined ? absent : `${predicate.plan.name}, revision ${predicate.plan.revision}`,
              },
              {
                label: 'Evidence',
                value:
                  predicate === undefined ? (
                    absent
                  ) : (
                    <Digest digest={predicate.testRun.evidenceDigest} label="evidence digest" />
                  ),
              },
              { label: 'Valid until', value: predicate === undefined ? absent : formatDate(predicate.validUntil) },
            ]}
          />
        </>
      }
      meanings={[
        { value: 'approval', label: 'I approve it for production' },
        { value: 'responsibility', label: 'I take responsibility for its use' },
      ]}
      signerName={user.name}
      confirmLabel="Sign the approval"
      busy={approve.isPending}
      error={refusalOf(approve.error)}
      onSign={(signature) =>
        approve.mutate(
          { id: release.record.id, revision: release.revision, signature },
          { onSuccess: onClose, onError: () => onReload() },
        )
      }
      onClose={onClose}
    />
  )
}
