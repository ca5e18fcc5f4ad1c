import { useState } from 'react'
import { useCommand } from '../../rpc/hooks.ts'
import { ConnectorField, useConnectors } from '../shared/ConnectorField.tsx'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import type { StepDialogProps } from './ReleaseSteps.tsx'

/** Sends the version to production, or the one before it back, through a connection. */
export function SendDialog({ answer, onReload, onClose, way }: StepDialogProps & { way: 'release' | 'roll-back' }) {
  const send = useCommand(way === 'release' ? 'releases.release' : 'releases.rollBack')
  const [connectionId, setConnectionId] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const { chosen, ...connectors } = useConnectors(connectionId)
  const { release, versionName, fromVersionName } = answer
  const before = fromVersionName ?? 'the version before it'
  return (
    <FormDialog
      title={way === 'release' ? `Release ${versionName} to production` : `Roll back to ${before}`}
      consequence={
        way === 'release'
          ? `Production serves ${versionName} in the place of ${fromVersionName ?? 'nothing'} as soon as the deployment system has switched. It can be rolled back.`
          : `Production serves ${before} again as soon as the deployment system has switched. This release ends as rolled back.`
      }
      submitLabel={way === 'release' ? 'Release' : 'Roll back'}
      destructive={way === 'roll-back'}
      complete={chosen !== null && isReason(reason)}
      busy={send.isPending}
      error={send.error}
      onReload={() => {
        onReload()
        send.reset()
      }}
      onClose={onClose}
      onSubmit={() =>
        chosen !== null &&
        send.mutate(
          { id: release.record.id, revision: release.revision, connectionId: chosen, reason: reason.trim() },
          { onSuccess: onClose },
        )
      }
    >
      <ConnectorField {...connectors} chosen={chosen} onChoose={setConnectionId} />
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
