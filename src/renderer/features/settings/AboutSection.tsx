import type { OutputOf } from '../../../contract/api.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { absent, formatBytes } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'

/** What runs, and where everything is kept. */
export function AboutSection({ answer }: { answer: OutputOf<'settings.get'> }) {
  const { data } = useQueryMethod('session.state', {}, { follows: { records: ['settings', 'user'] } })
  const { settings, engine, workspacePath, databaseBytes } = answer
  return (
    <Section title="About">
      <KeyValue
        items={[
          { label: 'Assay', value: data?.productVersion ?? absent },
          { label: 'Analysis engine', value: engine },
          { label: 'Workspace folder', value: <code>{workspacePath}</code> },
          { label: 'Database', value: formatBytes(databaseBytes) },
          { label: 'Log origin', value: <code>{settings.record.logOrigin}</code> },
          { label: 'Demo', value: settings.record.isDemo ? 'yes: made-up data' : 'no' },
          { label: 'Set up', value: <Time at={settings.record.createdAt} /> },
        ]}
      />
    </Section>
  )
}
