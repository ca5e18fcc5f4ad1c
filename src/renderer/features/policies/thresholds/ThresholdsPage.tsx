import Box from '@mui/material/Box'
import { useState } from 'react'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { Headline } from '../../../widgets/Headline.tsx'
import { PageHeader } from '../../../widgets/PageHeader.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { usePeople } from '../../shared/use-people.ts'
import { useTargets } from '../../shared/use-targets.ts'
import { PolicyTabs } from '../PolicyTabs.tsx'
import { TargetField } from '../TargetField.tsx'
import { LimitsSection } from './LimitsSection.tsx'
import { policyHeadline, setsOf } from './policy-headline.ts'
import { SetHistory } from './SetHistory.tsx'
import { ThresholdEditor } from './ThresholdEditor.tsx'

/** Never asked about. */
const nothing = { type: 'device' as const, id: 'dev_none' }

/** Which numbers are acceptable, since when, by whom and why. */
export function ThresholdsPage() {
  const query = useQueryMethod('thresholds.list', { target: null }, { follows: { records: ['thresholdSet'] } })
  const [targetId, setTargetId] = useSearchValue('target')
  const [isEditing, setIsEditing] = useState(false)
  const { list: targets, byId } = useTargets()
  const { nameOf } = usePeople()
  const info = byId.get(targetId ?? '') ?? targets[0] ?? null
  const inForce = useQueryMethod(
    'thresholds.inForce',
    { target: info?.target ?? nothing },
    { enabled: info !== null, follows: { records: ['thresholdSet', 'version', 'deployment'] } },
  )
  return (
    <>
      <PageHeader
        title="Policies"
        actions={
          <>
            <TargetField
              targets={targets}
              value={info?.target.id ?? null}
              onChange={(id) => {
                setIsEditing(false)
                setTargetId(id)
              }}
            />
            <GuardedButton
              method="thresholds.save"
              variant="contained"
              whyNot={info === null ? 'There is nothing to limit yet' : isEditing ? 'You are changing them' : null}
              onClick={() => setIsEditing(true)}
            >
              Change the limits
            </GuardedButton>
          </>
        }
      />
      <PolicyTabs value="limits" />
      <Answer query={query} label="limits" rows={8}>
        {(sets) => {
          if (info === null) {
            return (
              <Empty
                title="There is nothing to limit yet"
                hint="Limits belong to deployments, devices and endpoints."
              />
            )
          }
          const own = setsOf(sets, info.target)
          const active = own.find(({ record }) => record.isActive) ?? null
          return (
            <Answer query={inForce} label="limits in force" rows={8}>
              {({ limits, notes }) => (
                <Box sx={{ display: 'grid', gap: 2 }}>
                  <Headline {...policyHeadline(info.name, active, limits.length, nameOf)} />
                  {isEditing ? (
                    <ThresholdEditor
                      key={info.target.id}
                      target={info.target}
                      inForce={limits}
                      version={active?.record.version ?? null}
                      onReload={async () => setsOf((await query.refetch()).data ?? [], info.target)[0]?.record ?? null}
                      onClose={() => setIsEditing(false)}
                    />
                  ) : (
                    <LimitsSection limits={limits} notes={notes} />
                  )}
                  <SetHistory sets={own.map(({ record }) => record)} nameOf={nameOf} />
                </Box>
              )}
            </Answer>
          )
        }}
      </Answer>
    </>
  )
}
