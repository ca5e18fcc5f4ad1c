import Box from '@mui/material/Box'
import { useState } from 'react'
import type { OutputOf } from '../../../../contract/api.ts'
import { useJobCommand } from '../../../data/jobs.ts'
import { useNow } from '../../../data/use-now.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Headline } from '../../../widgets/Headline.tsx'
import { PageHeader } from '../../../widgets/PageHeader.tsx'
import { Progress } from '../../../widgets/Progress.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Empty, ErrorState } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { useTargets } from '../../shared/use-targets.ts'
import { PolicyTabs } from '../PolicyTabs.tsx'
import { TargetField } from '../TargetField.tsx'
import { MonitorDialog } from './MonitorDialog.tsx'
import { monitorColumns } from './monitor-columns.tsx'
import { monitorsHeadline } from './monitors-headline.ts'

export type MonitorRow = OutputOf<'monitors.list'>[number]

/** What is asked of whom, how often, and whether the asking works. */
export function MonitorsPage() {
  const query = useQueryMethod(
    'monitors.list',
    { target: null },
    { follows: { records: ['monitor'], data: ['findings'] } },
  )
  const [targetId, setTargetId] = useSearchValue('target')
  // Undefined: no dialog; null: a new monitor.
  const [edited, setEdited] = useState<string | null | undefined>(undefined)
  const run = useJobCommand('monitors.runNow')
  const { list: targets, byId } = useTargets()
  const nowAt = useNow()
  const columns = monitorColumns({
    nowAt,
    byId,
    isBusy: run.isBusy,
    onRun: (id) => run.start({ id }),
    onEdit: setEdited,
  })
  const reload = async (id: string) => (await query.refetch()).data?.find(({ record }) => record.id === id) ?? null
  return (
    <>
      <PageHeader
        title="Policies"
        actions={
          <>
            <TargetField targets={targets} value={targetId} everything="Everything" onChange={setTargetId} />
            <GuardedButton
              method="monitors.save"
              variant="contained"
              whyNot={targets.length === 0 ? 'There is nothing to watch yet' : null}
              onClick={() => setEdited(null)}
            >
              Add a monitor
            </GuardedButton>
          </>
        }
      />
      <PolicyTabs value="monitors" />
      <Answer query={query} label="monitors" rows={8}>
        {(monitors) => {
          const shown = monitors.filter(({ record }) => targetId === null || record.target.id === targetId)
          return (
            <Box sx={{ display: 'grid', gap: 2 }}>
              <Headline {...monitorsHeadline(shown)} />
              {run.isBusy && (
                <Progress
                  label={run.job?.title ?? 'Asking'}
                  done={run.job?.progress ?? null}
                  detail={run.job?.message}
                  onCancel={run.cancel}
                />
              )}
              {run.problem !== null && <ErrorState title="The monitor could not be run" message={run.problem} />}
              <Section title="Monitors" flush>
                <DataTable
                  label="monitors"
                  columns={columns}
                  rows={shown}
                  rowKey={({ record }) => record.id}
                  rowHeight={50}
                  maxHeight={660}
                  empty={
                    <Empty
                      title="Nothing is asked yet"
                      hint="New deployments, devices and endpoints get the usual monitors by themselves."
                    />
                  }
                />
              </Section>
            </Box>
          )
        }}
      </Answer>
      {edited !== undefined && (
        <MonitorDialog
          source={query.data?.find(({ record }) => record.id === edited) ?? null}
          targets={targets}
          startTargetId={targetId}
          onReload={() => (edited === null ? Promise.resolve(null) : reload(edited))}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  )
}
