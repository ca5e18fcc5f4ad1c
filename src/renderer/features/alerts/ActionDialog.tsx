import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useCommand, useQueryMethod } from '../../rpc/hooks.ts'
import { ConnectorField, useConnectors } from '../shared/ConnectorField.tsx'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import type { TargetInfo } from '../shared/use-targets.ts'
import { versionChoices } from './version-choices.ts'

export const remedies = [
  {
    kind: 'retrain',
    verb: 'Retrain',
    consequence:
      'The pipeline is started with the newest labelled samples. The version that it makes is checked and registered as a candidate; production does not change until it is tested, certified, approved and released.',
  },
  {
    kind: 'switch',
    verb: 'Switch version',
    consequence:
      'Production serves another version as soon as the deployment system has switched. A version without a valid certificate should not be chosen.',
  },
  {
    kind: 'roll-back',
    verb: 'Roll back',
    consequence:
      'Production goes back to a version that it has run before, as soon as the deployment system has switched.',
  },
] as const
export type Remedy = (typeof remedies)[number]

export type ActionDialogProps = {
  remedy: Remedy
  alertId: string | null
  /** Deployments it can be done on. */
  deployments: readonly TargetInfo[]
  onClose: () => void
}

/** Asks through which connection, to which version and why, with the consequence stated. */
export function ActionDialog({ remedy, alertId, deployments, onClose }: ActionDialogProps) {
  const start = useCommand('actions.start')
  const [deploymentId, setDeploymentId] = useState(deployments[0]?.target.id ?? '')
  const [connectionId, setConnectionId] = useState<string | null>(null)
  const [versionId, setVersionId] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const modelId = deployments.find(({ target }) => target.id === deploymentId)?.modelId ?? null
  const model = useQueryMethod('models.get', { id: modelId ?? '' }, { enabled: modelId !== null })
  const { chosen: connection, ...connectors } = useConnectors(connectionId)

  const choices = model.data === undefined ? [] : versionChoices(model.data, deploymentId, remedy.kind)
  const version = choices.find(({ id }) => id === versionId) ?? (remedy.kind === 'roll-back' ? choices[0] : undefined)
  const needsVersion = remedy.kind !== 'retrain'
  const complete = connection !== null && (!needsVersion || version !== undefined) && isReason(reason)
  return (
    <FormDialog
      title={remedy.verb}
      consequence={remedy.consequence}
      submitLabel={remedy.verb}
      destructive={remedy.kind !== 'retrain'}
      complete={complete}
      busy={start.isPending}
      error={start.error}
      onClose={onClose}
      onSubmit={() =>
        connection !== null &&
        start.mutate(
          {
            kind: remedy.kind,
            alertId,
            deploymentId,
            connectionId: connection,
            targetVersionId: needsVersion ? (version?.id ?? null) : null,
            reason: reason.trim(),
          },
          { onSuccess: onClose },
        )
      }
    >
      <TextField
        select
        label="Deployment"
        value={deploymentId}
        onChange={(event) => setDeploymentId(event.target.value)}
        disabled={deployments.length < 2}
      >
        {deployments.map(({ target, name }) => (
          <MenuItem key={target.id} value={target.id}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      <ConnectorField {...connectors} chosen={connection} onChoose={setConnectionId} />
      {needsVersion && (
        <TextField
          select
          label="To version"
          value={version?.id ?? ''}
          onChange={(event) => setVersionId(event.target.value)}
          required
          helperText={
            model.data !== undefined && choices.length === 0
              ? remedy.kind === 'roll-back'
                ? 'This deployment has run no other version'
                : 'There is no other version'
              : (model.error?.message ?? undefined)
          }
        >
          {choices.map(({ id, label }) => (
            <MenuItem key={id} value={id}>
              {label}
            </MenuItem>
          ))}
        </TextField>
      )}
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
