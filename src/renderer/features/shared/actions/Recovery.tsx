import Box from '@mui/material/Box'
import type { Action } from '../../../../contract/alert.ts'
import { formatNumber } from '../../../widgets/format.ts'
import { Status, type StatusKind } from '../../../widgets/Status.tsx'
import { spellOut } from '../words.ts'

type RecoveryValue = NonNullable<Action['recovery']>

const verdicts: Record<RecoveryValue['verdict'], { status: StatusKind; word: string }> = {
  pending: { status: 'unknown', word: 'Not known yet' },
  recovered: { status: 'ok', word: 'The number recovered' },
  'not-recovered': { status: 'breach', word: 'The number did not recover' },
}

/** Did it help: the number before the action and in the first judged finding after it. */
export function Recovery({ recovery }: { recovery: RecoveryValue }) {
  const { status, word } = verdicts[recovery.verdict]
  return (
    <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'baseline', typography: 'body2' }}>
      <Status status={status} label={word} />
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {recovery.verdict === 'pending'
          ? `${spellOut(recovery.subject.metric)} was ${formatNumber(recovery.before)}; the next finding will tell.`
          : `${spellOut(recovery.subject.metric)}: ${formatNumber(recovery.before)} before, ${formatNumber(recovery.after)} after.`}
      </Box>
    </Box>
  )
}
