import Button, { type ButtonProps } from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { MethodName } from '../../contract/api.ts'
import { useMay, whoMay } from './session.ts'

export type CommandButtonProps = ButtonProps & {
  /** The method that the click leads to: those who may not call it are told who may. */
  method: MethodName
}

/** A button that leads to a command. Hiding it is no control, so it stays, says who may use it, and the service decides. */
export function CommandButton({ method, disabled = false, children, ...props }: CommandButtonProps) {
  const may = useMay(method)
  const button = (
    <Button disabled={disabled || !may} {...props}>
      {children}
    </Button>
  )
  if (may) return button
  return (
    <Tooltip title={`This is for ${whoMay(method)}`} describeChild>
      {/* A disabled button hears no pointer: the wrapper shows the reason. */}
      <span>{button}</span>
    </Tooltip>
  )
}
