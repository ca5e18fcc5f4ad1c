import Box from '@mui/material/Box'
import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { ActionCard } from '../shared/actions/ActionCard.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { useTargets } from '../shared/use-targets.ts'
import { ActionDialog, type Remedy, remedies } from './ActionDialog.tsx'

/** What can be done about it, what was done, and whether the number recovered. */
export function AlertRemedies({ answer }: { answer: OutputOf<'alerts.get'> }) {
  const { alert, actions, userNames } = answer
  const [open, setOpen] = useState<Remedy | null>(null)
  const { list } = useTargets()
  const { data: device } = useQueryMethod(
    'devices.get',
    { id: alert.target.id },
    { enabled: alert.target.type === 'device', follows: { records: ['device', 'deployment'] } },
  )
  // An alert on a device is answered on the deployments that it feeds.
  const deploymentIds =
    alert.target.type === 'deployment' ? [alert.target.id] : (device?.deployments ?? []).map(({ id }) => id)
  const deployments = list.filter(({ target }) => deploymentIds.includes(target.id))
  const obstacle = deployments.length === 0 ? 'No deployment depends on this' : null
  const newestFirst = [...actions].sort((left, right) => right.requestedAt - left.requestedAt)
  return (
    <Section
      title="What can be done"
      note="Each runs through a connection; its outcome, and whether the number recovers, is recorded here."
      actions={
        <Box sx={{ display: 'flex', gap: 1 }}>
          {remedies.map((remedy) => (
            <GuardedButton
              key={remedy.kind}
              method="actions.start"
              variant="outlined"
              whyNot={obstacle}
              onClick={() => setOpen(remedy)}
            >
              {remedy.verb}
            </GuardedButton>
          ))}
        </Box>
      }
    >
      {newestFirst.length === 0 ? (
        <Box sx={{ py: 1, typography: 'body2', color: 'text.secondary' }}>
          Nothing has been done yet. One may also accept the number as it is, by resolving the alert.
        </Box>
      ) : (
        newestFirst.map((action) => (
          <ActionCard
            key={action.id}
            action={action}
            requestedBy={
              action.requestedBy === null ? 'the console' : (userNames[action.requestedBy] ?? action.requestedBy)
            }
          />
        ))
      )}
      {open !== null && (
        <ActionDialog remedy={open} alertId={alert.id} deployments={deployments} onClose={() => setOpen(null)} />
      )}
    </Section>
  )
}
