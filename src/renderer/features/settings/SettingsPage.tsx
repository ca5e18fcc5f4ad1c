import Box from '@mui/material/Box'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Answer } from '../shared/Answer.tsx'
import { usePeople } from '../shared/use-people.ts'
import { AboutSection } from './AboutSection.tsx'
import { AppearanceSection } from './AppearanceSection.tsx'
import { BlobsSection } from './BlobsSection.tsx'
import { DefaultsSection } from './DefaultsSection.tsx'
import { settingsHeadline } from './duties.ts'
import { NotificationsSection } from './NotificationsSection.tsx'
import { PasswordSection } from './PasswordSection.tsx'
import { PeopleSection } from './PeopleSection.tsx'
import { QualificationSection } from './QualificationSection.tsx'
import { RetentionSection } from './RetentionSection.tsx'
import { TimeBoundsSection } from './TimeBoundsSection.tsx'
import { WorkspaceSection } from './WorkspaceSection.tsx'

/** The workspace, the people in it, and how it looks to me. */
export function SettingsPage() {
  const query = useQueryMethod('settings.get', {}, { follows: { records: ['settings'] } })
  const { people } = usePeople()
  const reload = async () => (await query.refetch()).data?.settings ?? null
  return (
    <>
      <PageHeader title="Settings" />
      <Answer query={query} label="settings" rows={10}>
        {(answer) => {
          const { settings } = answer
          const section = { source: settings, onReload: reload }
          return (
            <Box sx={{ display: 'grid', gap: 2 }}>
              {people.length > 0 && <Headline {...settingsHeadline(settings.record.name, people)} />}
              <PeopleSection />
              <Box sx={{ display: 'grid', gridTemplateColumns: { lg: '1fr 1fr' }, gap: 2, alignItems: 'start' }}>
                <Box sx={{ display: 'grid', gap: 2 }}>
                  <WorkspaceSection {...section} />
                  <DefaultsSection {...section} />
                  <TimeBoundsSection {...section} />
                  <RetentionSection {...section} />
                  <BlobsSection {...section} usage={answer.blobs} />
                </Box>
                <Box sx={{ display: 'grid', gap: 2 }}>
                  <PasswordSection />
                  <AppearanceSection />
                  <NotificationsSection {...section} />
                  <AboutSection answer={answer} />
                </Box>
              </Box>
              <QualificationSection />
            </Box>
          )
        }}
      </Answer>
    </>
  )
}
