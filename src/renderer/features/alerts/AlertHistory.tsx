import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { type SubmitEvent, useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { useCommand, useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { Failure } from '../shared/Failure.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { alertEvents } from './alert-events.ts'

export type AlertHistoryProps = { answer: OutputOf<'alerts.get'>; onReload: () => unknown }

/** What happened, in order, and room to say more. */
export function AlertHistory({ answer, onReload }: AlertHistoryProps) {
  const { data } = useQueryMethod(
    'audit.list',
    { subjectId: answer.alert.id, limit: 200 },
    { follows: { records: ['alert', 'audit'] } },
  )
  const comment = useCommand('alerts.comment')
  const [text, setText] = useState('')
  const events = alertEvents(answer, data?.items.map(({ entry }) => entry) ?? [])
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (text.trim() === '' || comment.isPending) return
    comment.mutate(
      { id: answer.alert.id, revision: answer.revision, text: text.trim() },
      { onSuccess: () => setText('') },
    )
  }
  return (
    <Section title="What happened">
      <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', borderLeft: 1, borderColor: 'divider' }}>
        {events.map((event) => (
          <Box component="li" key={event.key} sx={{ pl: 1.5, py: 0.5, typography: 'body2' }}>
            <Box sx={{ color: 'text.secondary', typography: 'caption' }}>
              <Time at={event.at} />
            </Box>
            {event.who !== null && <strong>{event.who} </strong>}
            {event.what}
            {event.text !== null && event.text !== '' && (
              <Box sx={{ pl: 1, borderLeft: 2, borderColor: 'divider', mt: 0.25, whiteSpace: 'pre-wrap' }}>
                {event.text}
              </Box>
            )}
          </Box>
        ))}
      </Box>
      <Box component="form" onSubmit={send} sx={{ display: 'grid', gap: 1, mt: 1.5 }}>
        <TextField
          label="Comment"
          value={text}
          onChange={(event) => setText(event.target.value)}
          multiline
          minRows={2}
          slotProps={{ htmlInput: { maxLength: 4000 } }}
        />
        {comment.error !== null && (
          <Failure
            error={comment.error}
            title="The comment was not added"
            onReload={() => {
              onReload()
              comment.reset()
            }}
          />
        )}
        <GuardedButton
          method="alerts.comment"
          type="submit"
          variant="outlined"
          whyNot={text.trim() === '' ? 'Write something first' : null}
          sx={{ justifySelf: 'start' }}
        >
          Add the comment
        </GuardedButton>
      </Box>
    </Section>
  )
}
