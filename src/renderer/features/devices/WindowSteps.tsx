import ChevronLeftOutlined from '@mui/icons-material/ChevronLeftOutlined'
import ChevronRightOutlined from '@mui/icons-material/ChevronRightOutlined'
import ZoomOutOutlined from '@mui/icons-material/ZoomOutOutlined'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import type { Window } from '../../../contract/primitives.ts'

export type WindowStepsProps = { window: Window; onWindow: (window: Window) => void }

/** Moves and widens the window without a mouse. */
export function WindowSteps({ window, onWindow }: WindowStepsProps) {
  const half = (window.to - window.from) / 2
  const steps = [
    { label: 'Earlier', Icon: ChevronLeftOutlined, to: shifted(window, -half, -half) },
    { label: 'Zoom out', Icon: ZoomOutOutlined, to: shifted(window, -half, half) },
    { label: 'Later', Icon: ChevronRightOutlined, to: shifted(window, half, half) },
  ]
  return (
    <span>
      {steps.map(({ label, Icon, to }) => (
        <Tooltip key={label} title={label}>
          <IconButton aria-label={label} onClick={() => onWindow(to)}>
            <Icon sx={{ fontSize: 18 }} />
          </IconButton>
        </Tooltip>
      ))}
    </span>
  )
}

function shifted({ from, to }: Window, early: number, late: number): Window {
  return { from: Math.max(0, Math.round(from + early)), to: Math.round(to + late) }
}
