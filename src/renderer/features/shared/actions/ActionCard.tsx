import Box from '@mui/material/Box'
import type { Action } from '../../../../contract/alert.ts'
import { Progress } from '../../../widgets/Progress.tsx'
import { ErrorState } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { CodeBlock } from '../CodeBlock.tsx'
import { Disclosure } from '../Disclosure.tsx'
import { capitalise } from '../words.ts'
import { actionStates, actionWords, isActionUnderWay } from './action-words.ts'
import { Recovery } from './Recovery.tsx'

/** One action: its state, its log as it grows, what came of it, and whether the number recovered. */
export function ActionCard({ action, requestedBy }: { action: Action; requestedBy: string }) {
  const state = actionStates[action.state]
  const name = capitalise(actionWords[action.kind])
  return (
    <Box
      component="article"
      aria-label={name}
      sx={{ py: 1.25, borderTop: 1, borderColor: 'divider', display: 'grid', gap: 1 }}
    >
      <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'baseline', typography: 'body2' }}>
        <strong>{name}</strong>
        <Status status={state.status} label={state.word} />
        <Box sx={{ flex: 1, minWidth: 0, color: 'text.secondary' }}>
          asked by {requestedBy}: {action.reason}
        </Box>
        <Time at={action.requestedAt} />
      </Box>
      {isActionUnderWay(action) && <Progress label={`${name} under way`} done={null} />}
      {action.problem !== null && <ErrorState title={`${name} did not succeed`} message={action.problem} />}
      {action.recovery !== null && <Recovery recovery={action.recovery} />}
      {action.log !== '' && (
        <Disclosure open={isActionUnderWay(action)} summary={isActionUnderWay(action) ? 'Log, as it grows' : 'Log'}>
          <CodeBlock text={action.log} label={`log of ${actionWords[action.kind]}`} />
        </Disclosure>
      )}
      {action.result !== null && (
        <Disclosure summary="What it answered">
          <CodeBlock text={JSON.stringify(action.result, null, 2)} label="answer of the action" />
        </Disclosure>
      )}
    </Box>
  )
}
