import Button from '@mui/material/Button'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import {
  type ConnectionConfig,
  connectionConfig,
  connection as connectionSchema,
} from '../../../contract/connection.ts'
import { pathTo } from '../../data/paths.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { problemsOf } from '../shared/problems.ts'
import { blankConfig } from './config/blank-config.ts'
import { ConfigFields } from './config/ConfigFields.tsx'
import { secretNamesOf } from './config/config-fields.ts'
import { NameFields } from './config/NameFields.tsx'
import { type ConnectionKind, type ConnectionRow, kindWords } from './connection-words.ts'
import { TestResult } from './TestResult.tsx'
import { useConnectionTest } from './use-connection-test.ts'

export type ConnectionDialogProps = {
  kind: ConnectionKind
  /** Null adds one. */
  source: ConnectionRow | null
  onReload: () => Promise<ConnectionRow | null>
  onClose: () => void
}

/** One connection's form: set up, tried, saved. Secrets go in and never come out. */
export function ConnectionDialog({ kind, source, onReload, onClose }: ConnectionDialogProps) {
  const save = useCommand('connections.save')
  const test = useConnectionTest()
  const navigate = useNavigate()
  const [revision, setRevision] = useState(source?.revision ?? null)
  const [names, setNames] = useState({ key: source?.record.key ?? '', name: source?.record.name ?? '' })
  const [config, setConfig] = useState<ConnectionConfig>(
    () => source?.record.config ?? blankConfig(kind === 'ingest' ? 'mqtt' : kind),
  )
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const stored = source === null ? [] : secretNamesOf(source.record.config)
  const wanted = secretNamesOf(config)
  const secrets = Object.fromEntries(wanted.filter((name) => typed[name]).map((name) => [name, typed[name]]))
  const problems = problemsOf(connectionConfig, config)
  const nameProblems = problemsOf(connectionSchema.pick({ key: true, name: true }), names)
  const lacksSecret = wanted.some((name) => !stored.includes(name) && !typed[name])
  const complete = problems.size === 0 && nameProblems.size === 0 && !lacksSecret
  const subject = JSON.stringify([config, secrets])
  const isTried = test.subject === subject && test.result?.isOk === true
  return (
    <FormDialog
      title={source === null ? `Add: ${kindWords[kind].word}` : `Edit ${source.record.name}`}
      consequence={kindWords[kind].does}
      submitLabel={isTried ? 'Save' : 'Save without a passed test'}
      complete={complete}
      busy={save.isPending}
      error={save.error}
      onReload={() =>
        void onReload().then((newest) => {
          if (newest !== null) setRevision(newest.revision)
          save.reset()
        })
      }
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          {
            id: source?.record.id ?? null,
            revision,
            connection: { ...names, isEnabled: source?.record.isEnabled ?? true, config },
            secrets,
          },
          {
            onSuccess: ({ record }) => {
              onClose()
              void navigate(pathTo.connection(record.id))
            },
          },
        )
      }
      maxWidth="md"
      aside={
        <Button
          variant="outlined"
          loading={test.isBusy}
          disabled={problems.size > 0 || lacksSecret}
          onClick={() => test.run(subject, { config, secrets })}
          sx={{ mr: 'auto' }}
        >
          Test
        </Button>
      }
    >
      <NameFields value={names} onChange={setNames} problems={nameProblems} />
      <ConfigFields
        config={config}
        problems={problems}
        secrets={{
          typed: (name) => typed[name] ?? '',
          isStored: (name) => stored.includes(name),
          type: (name, value) => setTyped((before) => ({ ...before, [name]: value })),
        }}
        onChange={setConfig}
      />
      <TestResult test={test} isCurrent={test.subject === subject} />
    </FormDialog>
  )
}
