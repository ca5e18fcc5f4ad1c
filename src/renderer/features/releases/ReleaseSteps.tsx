import Box from '@mui/material/Box'
import { useState } from 'react'
import type { CommandName } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { useWhyNot } from '../shared/use-why-not.ts'
import { ApproveDialog } from './ApproveDialog.tsx'
import { CertifyDialog } from './CertifyDialog.tsx'
import type { ReleaseAnswer } from './release-headline.ts'
import { SendDialog } from './SendDialog.tsx'
import { TestDialog } from './TestDialog.tsx'
import { WithdrawDialog } from './WithdrawDialog.tsx'

export type StepDialogProps = { answer: ReleaseAnswer; onReload: () => unknown; onClose: () => void }
export type ReleaseStep = ReleaseAnswer['steps'][number]['step']

const steps: Record<ReleaseStep, { verb: string; method: CommandName; ends?: boolean }> = {
  test: { verb: 'Run the tests', method: 'releases.runTests' },
  certify: { verb: 'Certify', method: 'releases.certify' },
  refuse: { verb: 'Refuse', method: 'releases.certify', ends: true },
  approve: { verb: 'Approve', method: 'releases.approve' },
  release: { verb: 'Release', method: 'releases.release' },
  'roll-back': { verb: 'Roll back', method: 'releases.rollBack', ends: true },
  withdraw: { verb: 'Withdraw', method: 'releases.withdraw', ends: true },
}

/** Every step with whether this person may take it now; what they may not, says why. */
export function ReleaseSteps({ answer, onReload }: Omit<StepDialogProps, 'onClose'>) {
  const [open, setOpen] = useState<ReleaseStep | null>(null)
  const whyNot = useWhyNot()
  const dialog = { answer, onReload, onClose: () => setOpen(null) }
  const first = answer.steps.find(({ step, isAllowed }) => isAllowed && steps[step].ends !== true)?.step
  return (
    <Section title="What you can do">
      <Box
        component="ul"
        sx={{
          m: 0,
          p: 0,
          listStyle: 'none',
          display: 'grid',
          gridTemplateColumns: { lg: '1fr 1fr' },
          columnGap: 4,
          rowGap: 0.75,
        }}
      >
        {answer.steps.map(({ step, isAllowed, why }) => (
          <Box
            component="li"
            key={step}
            sx={{
              display: 'grid',
              gridTemplateColumns: '136px minmax(0, 1fr)',
              gap: 2,
              alignItems: 'center',
              typography: 'body2',
            }}
          >
            <GuardedButton
              method={steps[step].method}
              whyNot={isAllowed ? null : why}
              variant={step === first ? 'contained' : 'outlined'}
              color={steps[step].ends ? 'error' : 'primary'}
              onClick={() => setOpen(step)}
            >
              {steps[step].verb}
            </GuardedButton>
            <Box sx={{ color: 'text.secondary' }}>{isAllowed ? why : (whyNot(steps[step].method) ?? why)}</Box>
          </Box>
        ))}
      </Box>
      {open === 'test' && <TestDialog {...dialog} />}
      {open === 'certify' && <CertifyDialog {...dialog} decision="certified" />}
      {open === 'refuse' && <CertifyDialog {...dialog} decision="refused" />}
      {open === 'approve' && <ApproveDialog {...dialog} />}
      {open === 'release' && <SendDialog {...dialog} way="release" />}
      {open === 'roll-back' && <SendDialog {...dialog} way="roll-back" />}
      {open === 'withdraw' && <WithdrawDialog {...dialog} />}
    </Section>
  )
}
