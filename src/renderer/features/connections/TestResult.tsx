import Box from '@mui/material/Box'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { ErrorState } from '../../widgets/States.tsx'
import { Status } from '../../widgets/Status.tsx'
import { capitalise, spellOut } from '../shared/words.ts'
import type { ConnectionTest } from './use-connection-test.ts'

/** What came of a test: a sentence, and what was learnt. */
export function TestResult({ test, isCurrent }: { test: ConnectionTest; isCurrent: boolean }) {
  const { result, problem } = test
  if (problem !== null) return <ErrorState title="It could not be tested" message={problem} />
  if (result === null) return null
  const facts = Object.entries(result.facts)
  return (
    <Box role="status" sx={{ border: 1, borderColor: 'divider', borderRadius: 1, px: 2, py: 1, typography: 'body2' }}>
      <Status status={result.isOk ? 'ok' : 'breach'} label={result.isOk ? 'It works' : 'It does not work'} />{' '}
      {result.message}
      {!isCurrent && ' (Something was changed since: test again.)'}
      {facts.length > 0 && (
        <KeyValue
          items={facts.map(([name, value]) => ({ label: capitalise(spellOut(name)), value }))}
          labelWidth={190}
        />
      )}
    </Box>
  )
}
