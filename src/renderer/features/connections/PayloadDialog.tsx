import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useId, useState } from 'react'
import type { DeadLetter } from '../../../contract/sample.ts'
import { formatBytes } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Time } from '../../widgets/Time.tsx'
import { CodeBlock } from '../shared/CodeBlock.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { codeWord, replayWord } from './DeadLetters.tsx'
import { asHex, asText, bytesOf } from './payload.ts'

/** One refused item: why, from where, and its first bytes. */
export function PayloadDialog({
  letter,
  onReplay,
  onDiscard,
  onClose,
}: {
  letter: DeadLetter
  onReplay: () => void
  onDiscard: () => void
  onClose: () => void
}) {
  const titleId = useId()
  const [view, setView] = useState<'text' | 'hex'>('text')
  const bytes = bytesOf(letter.payloadBase64)
  const isShort = bytes.length < letter.payloadBytes
  const isCut = isShort && letter.isKeptWhole !== true
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{codeWord(letter.code)}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <KeyValue
          items={[
            { label: 'Why', value: letter.reason },
            ...(letter.replay === undefined
              ? []
              : [
                  {
                    label: 'Replayed',
                    value: (
                      <>
                        <Time at={letter.replay.at} withSeconds />: {replayWord(letter)}, {letter.replay.reason}
                      </>
                    ),
                  },
                ]),
            { label: 'From', value: letter.source },
            // Of another protocol: what was read of it is shown.
            ...(letter.route === undefined ? [] : [{ label: 'Read as', value: letter.route }]),
            { label: 'Came', value: <Time at={letter.at} withSeconds /> },
            ...(letter.aheadAt === undefined
              ? []
              : [
                  {
                    label: 'Held apart',
                    value: (
                      <>
                        says to be of <Time at={letter.aheadAt} withSeconds />
                      </>
                    ),
                  },
                ]),
            ...(letter.discardedAt === undefined
              ? []
              : [{ label: 'Discarded', value: <Time at={letter.discardedAt} withSeconds /> }]),
            {
              label: 'Size',
              value: `${formatBytes(letter.payloadBytes)}${isShort ? `, of which the first ${formatBytes(bytes.length)} are ${isCut ? 'kept' : 'shown'}` : ''}`,
            },
          ]}
        />
        <ToggleButtonGroup
          exclusive
          size="small"
          value={view}
          aria-label="How the payload is shown"
          onChange={(_, chosen: 'text' | 'hex' | null) => chosen !== null && setView(chosen)}
        >
          <ToggleButton value="text">Text</ToggleButton>
          <ToggleButton value="hex">Hex</ToggleButton>
        </ToggleButtonGroup>
        <CodeBlock text={view === 'text' ? asText(bytes) : asHex(bytes)} label="payload" maxHeight={360} />
      </DialogContent>
      <DialogActions>
        <GuardedButton
          method="deadLetters.discard"
          whyNot={
            letter.discardedAt !== undefined || letter.replay?.status === 'taken' ? 'This is settled already' : null
          }
          onClick={onDiscard}
        >
          Discard
        </GuardedButton>
        <GuardedButton
          method="deadLetters.replay"
          whyNot={isCut ? 'Only its beginning is kept: send it again' : null}
          onClick={onReplay}
        >
          {letter.aheadAt === undefined ? 'Replay' : 'Release'}
        </GuardedButton>
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
