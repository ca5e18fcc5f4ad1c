import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx'
import { AssignDialog } from './AssignDialog.tsx'
import { MuteDialog } from './MuteDialog.tsx'
import { ResolveDialog } from './ResolveDialog.tsx'

export type DecisionProps = { answer: OutputOf<'alerts.get'>; onReload: () => unknown }

type Decision = 'acknowledge' | 'assign' | 'mute' | 'resolve'
const dialogs = { acknowledge: AcknowledgeDialog, assign: AssignDialog, mute: MuteDialog, resolve: ResolveDialog }

/** What a person can decide about an alert. */
export function AlertDecisions({ answer, onReload }: DecisionProps) {
  const [open, setOpen] = useState<Decision | null>(null)
  const { alert } = answer
  const over = alert.state === 'resolved' ? 'It is resolved' : null
  const Dialog = open === null ? null : dialogs[open]
  return (
    <>
      <GuardedButton
        method="alerts.acknowledge"
        variant="outlined"
        whyNot={over ?? (alert.state === 'acknowledged' ? 'It is acknowledged already' : null)}
        onClick={() => setOpen('acknowledge')}
      >
        Acknowledge
      </GuardedButton>
      <GuardedButton method="alerts.assign" variant="outlined" whyNot={over} onClick={() => setOpen('assign')}>
        Assign
      </GuardedButton>
      <GuardedButton method="alerts.mute" variant="outlined" whyNot={over} onClick={() => setOpen('mute')}>
        Mute
      </GuardedButton>
      <GuardedButton method="alerts.resolve" variant="contained" whyNot={over} onClick={() => setOpen('resolve')}>
        Resolve
      </GuardedButton>
      {Dialog !== null && <Dialog answer={answer} onReload={onReload} onClose={() => setOpen(null)} />}
    </>
  )
}

export type DecisionDialogProps = DecisionProps & { onClose: () => void }
