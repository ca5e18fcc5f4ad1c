import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { ReleaseState } from '../../../contract/release.ts'
import { pathTo } from '../../data/paths.ts'
import { useSearchValue } from '../../data/use-search-value.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { usePeople } from '../shared/use-people.ts'
import { releaseColumns } from './release-columns.tsx'
import { releaseFilters } from './release-words.ts'
import { releasesHeadline } from './releases-headline.ts'
import { SubmitDialog } from './SubmitDialog.tsx'

/** Candidates on their way to production. */
export function ReleaseList() {
  const query = useQueryMethod('releases.list', { modelId: null }, { follows: { records: ['release', 'user'] } })
  const [filterId, setFilterId] = useSearchValue('state')
  const [submitted, setSubmitted] = useSearchValue('submit')
  const [isSubmitting, setIsSubmitting] = useState(submitted !== null)
  const filter = releaseFilters.find(({ id }) => id === filterId) ?? releaseFilters[3]
  const states: readonly ReleaseState[] = filter.states
  const navigate = useNavigate()
  const { nameOf } = usePeople()
  const close = () => {
    setIsSubmitting(false)
    if (submitted !== null) setSubmitted(null)
  }
  return (
    <>
      <PageHeader
        title="Releases"
        actions={
          <>
            <Button component={Link} to="/releases/plans" variant="outlined">
              Test plans
            </Button>
            <GuardedButton method="releases.submit" variant="contained" onClick={() => setIsSubmitting(true)}>
              Submit a release
            </GuardedButton>
          </>
        }
      />
      <Answer query={query} label="releases" rows={6}>
        {(rows) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...releasesHeadline(rows)} />
            <Section
              title="Releases"
              flush
              actions={
                <ToggleButtonGroup
                  exclusive
                  size="small"
                  value={filter.id}
                  aria-label="State of the releases"
                  onChange={(_, chosen: string | null) => chosen !== null && setFilterId(chosen)}
                >
                  {releaseFilters.map(({ id, label }) => (
                    <ToggleButton key={id} value={id}>
                      {label}
                    </ToggleButton>
                  ))}
                </ToggleButtonGroup>
              }
            >
              <DataTable
                label="releases"
                columns={releaseColumns(nameOf)}
                rows={rows.filter(({ record }) => states.includes(record.state))}
                rowKey={({ record }) => record.id}
                initialSort={{ columnId: 'created', direction: 'descending' }}
                maxHeight={640}
                onRowOpen={({ record }) => void navigate(pathTo.release(record.id))}
                empty={
                  <Empty
                    title={rows.length === 0 ? 'Nothing has been submitted yet' : 'No release of this kind'}
                    hint="A release takes a version through its test plan, a certificate and an approval into production."
                  />
                }
              />
            </Section>
          </Box>
        )}
      </Answer>
      {isSubmitting && <SubmitDialog versionId={submitted} onClose={close} />}
    </>
  )
}
