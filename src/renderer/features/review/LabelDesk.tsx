import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import { useEffect, useEffectEvent, useState } from 'react'
import { useBlocker } from 'react-router'
import type { Version } from '../../../contract/model.ts'
import { ConfirmDialog } from '../../app/ConfirmDialog.tsx'
import { formatCount } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Failure } from '../shared/Failure.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { useWhyNot } from '../shared/use-why-not.ts'
import { LabelChoices } from './LabelChoices.tsx'
import { QueueStrip } from './QueueStrip.tsx'
import { ReviewedSample } from './ReviewedSample.tsx'
import { type QueueItem, useLabelling } from './use-labelling.ts'

export type LabelDeskProps = {
  deploymentId: string
  items: readonly QueueItem[]
  versions: readonly Version[]
  onNextBatch: () => void
}

/** One sample large, its possible labels under the fingers, and the queue below. */
export function LabelDesk({ deploymentId, items: given, versions, onNextBatch }: LabelDeskProps) {
  // Frozen: a queue that is asked again while somebody labels would move under their hands.
  const [items] = useState(given)
  const desk = useLabelling(deploymentId, items)
  const [showsPrediction, setShowsPrediction] = useState(false)
  const whyNot = useWhyNot()('review.label')
  const item = items[desk.place]
  const version = versions.find(({ id }) => id === item.sample.versionId) ?? versions.at(0) ?? null
  const classes = version?.schema.classes ?? []
  const done = desk.verdicts.size
  const isOver = done === items.length && desk.waiting === 0

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || isTyping(event.target)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) desk.send()
    else if (event.ctrlKey || event.metaKey) return
    else if (/^[1-9]$/.test(event.key) && classes[Number(event.key) - 1] !== undefined && whyNot === null) {
      desk.judge({ label: classes[Number(event.key) - 1] })
    } else if (event.key === 'ArrowRight') desk.goTo(desk.place + 1)
    else if (event.key === 'ArrowLeft') desk.goTo(desk.place - 1)
    else if (event.key === 's') desk.judge('skipped')
    else if (event.key === 'u') desk.undo()
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])

  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) 320px' },
        }}
      >
        <ReviewedSample item={item} version={version} showsPrediction={showsPrediction} />
        <Section
          title="What is it?"
          note={`${formatCount(desk.place + 1)} of ${formatCount(items.length)}; ${formatCount(done)} done`}
        >
          <LabelChoices
            key={item.sample.id}
            classes={classes}
            prediction={showsPrediction ? item.sample.prediction : null}
            verdict={desk.verdicts.get(desk.place) ?? null}
            isSent={desk.sent.has(desk.place)}
            obstacle={whyNot}
            onLabel={(label) => desk.judge({ label })}
          />
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1.5 }}>
            <Button variant="outlined" aria-keyshortcuts="s" onClick={() => desk.judge('skipped')}>
              Skip <Key name="S" />
            </Button>
            <Button variant="outlined" aria-keyshortcuts="u" disabled={!desk.canUndo} onClick={desk.undo}>
              Undo <Key name="U" />
            </Button>
          </Box>
          <FormControlLabel
            sx={{ mt: 1 }}
            control={
              <Switch
                size="small"
                checked={showsPrediction}
                onChange={(event) => setShowsPrediction(event.target.checked)}
              />
            }
            label="Show what the model said"
            slotProps={{ typography: { variant: 'body2' } }}
          />
          <Box sx={{ mt: 1.5, pt: 1.5, borderTop: 1, borderColor: 'divider', display: 'grid', gap: 1 }}>
            <GuardedButton
              method="review.label"
              variant="contained"
              loading={desk.isSending}
              whyNot={desk.waiting === 0 ? 'No labels wait to be sent' : null}
              onClick={desk.send}
            >
              {desk.waiting === 0 ? 'Send labels' : `Send ${labels(desk.waiting)}`}
            </GuardedButton>
            <Box role="status" sx={{ typography: 'caption', color: 'text.secondary' }}>
              {desk.result === null
                ? 'Until you send them, labels can be undone. Ctrl Enter sends.'
                : `${labels(desk.result.applied)} stored${desk.result.unchanged > 0 ? `, ${formatCount(desk.result.unchanged)} were so already` : ''}.`}
            </Box>
            {desk.error !== null && <Failure title="The labels were not stored" error={desk.error} />}
            {isOver && (
              <Button variant="outlined" onClick={onNextBatch}>
                Next batch
              </Button>
            )}
          </Box>
        </Section>
      </Box>
      <QueueStrip
        items={items}
        version={version}
        place={desk.place}
        verdicts={desk.verdicts}
        sent={desk.sent}
        onGoTo={desk.goTo}
      />
      <UnsentGuard waiting={desk.waiting} />
    </Box>
  )
}

const labels = (count: number) => (count === 1 ? '1 label' : `${formatCount(count)} labels`)

export function Key({ name }: { name: string }) {
  return (
    <Box component="kbd" sx={{ ml: 1, fontSize: '0.6875rem', opacity: 0.75 }}>
      {name}
    </Box>
  )
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.role === 'option'
  )
}

/** Labels that nobody sent would be lost on leaving: asks first. */
function UnsentGuard({ waiting }: { waiting: number }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => waiting > 0 && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (waiting === 0) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [waiting])
  return (
    <ConfirmDialog
      open={blocker.state === 'blocked'}
      title={`Leave without sending ${labels(waiting)}?`}
      confirmLabel="Leave"
      destructive
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      They were given, but not sent: leaving forgets them.
    </ConfirmDialog>
  )
}
