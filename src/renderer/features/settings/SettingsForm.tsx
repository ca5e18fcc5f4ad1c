import Box from '@mui/material/Box'
import { type ReactNode, type SubmitEvent, useState } from 'react'
import type { InputOf, OutputOf } from '../../../contract/api.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Failure } from '../shared/Failure.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import type { Source } from '../shared/use-edit.ts'

export type SettingsSource = OutputOf<'settings.update'>
export type SettingsSectionProps = { source: SettingsSource; onReload: () => Promise<SettingsSource | null> }

export type SettingsFormProps<T extends object> = {
  title: string
  note?: string
  edit: { draft: T; revision: number | null; rebase: (newest: Source<T>) => void }
  /** The section's part of the settings. */
  partOf: (settings: SettingsSource['record']) => T
  source: SettingsSource
  onReload: SettingsSectionProps['onReload']
  toChanges: (draft: T) => InputOf<'settings.update'>['changes']
  /** Why it cannot be saved. */
  obstacle: string | null
  children: ReactNode
}

/** One section of the settings, saved by itself. */
export function SettingsForm<T extends object>(props: SettingsFormProps<T>) {
  const { edit, source, partOf, toChanges, obstacle } = props
  const update = useCommand('settings.update')
  const [savedRevision, setSavedRevision] = useState<number | null>(null)
  const isUnchanged = JSON.stringify(edit.draft) === JSON.stringify(partOf(source.record))
  const rebase = (newest: SettingsSource) => edit.rebase({ revision: newest.revision, record: partOf(newest.record) })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (obstacle !== null || isUnchanged || update.isPending) return
    update.mutate(
      { revision: edit.revision ?? source.revision, changes: toChanges(edit.draft) },
      {
        onSuccess: (saved) => {
          rebase(saved)
          setSavedRevision(saved.revision)
        },
      },
    )
  }
  return (
    <Section title={props.title} note={props.note}>
      <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 2, pt: 1 }}>
        {props.children}
        {update.error !== null && (
          <Failure
            error={update.error}
            title="It was not saved"
            onReload={() =>
              void props.onReload().then((newest) => {
                if (newest !== null) rebase(newest)
                update.reset()
              })
            }
          />
        )}
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
          <GuardedButton
            method="settings.update"
            type="submit"
            variant="outlined"
            loading={update.isPending}
            whyNot={obstacle ?? (isUnchanged ? 'Nothing has changed' : null)}
            aria-label={`Save: ${props.title}`}
          >
            Save
          </GuardedButton>
          <Box role="status" sx={{ typography: 'body2', color: 'text.secondary' }}>
            {savedRevision !== null && isUnchanged && 'Saved'}
          </Box>
        </Box>
      </Box>
    </Section>
  )
}
