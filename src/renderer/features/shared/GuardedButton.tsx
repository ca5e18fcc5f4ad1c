import Button, { type ButtonProps } from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { MethodName } from '../../../contract/api.ts'
import { useWhyNot } from './use-why-not.ts'

export type GuardedButtonProps = Omit<ButtonProps, 'disabled'> & {
  /** The method that the click leads to. */
  method: MethodName
  /** Why it cannot be done now although the role would allow it. */
  whyNot?: string | null
}

/** What cannot be done stays in sight and in reach of the keyboard, and says why. */
export function GuardedButton({ method, whyNot = null, onClick, children, sx, ...rest }: GuardedButtonProps) {
  const obstacle = useWhyNot()(method) ?? whyNot
  if (obstacle === null) {
    return (
      <Button {...rest} sx={sx} onClick={onClick}>
        {children}
      </Button>
    )
  }
  return (
    <Tooltip title={obstacle} describeChild>
      <Button {...rest} type="button" aria-disabled="true" sx={[forbidden, ...(Array.isArray(sx) ? sx : [sx])]}>
        {children}
      </Button>
    </Tooltip>
  )
}

const forbidden = {
  '&, &:hover': {
    color: 'text.secondary',
    bgcolor: 'transparent',
    border: '1px dashed',
    borderColor: 'divider',
    cursor: 'not-allowed',
  },
} as const
