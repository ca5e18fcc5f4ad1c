import Box from '@mui/material/Box'
import type { Signature } from '../../../contract/release.ts'
import { pathTo } from '../../data/paths.ts'
import { absent } from '../../widgets/format.ts'
import { Hallmark } from '../../widgets/Hallmark.tsx'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { nameOfTarget, useTargets } from '../shared/use-targets.ts'
import type { ReleaseAnswer } from './release-headline.ts'

export type ReleaseFactsProps = { answer: ReleaseAnswer; nowAt: number; onShowCertificate: () => void }

/** What is released from where to where, and who signed. */
export function ReleaseFacts({ answer, nowAt, onShowCertificate }: ReleaseFactsProps) {
  const { release, plan, certificate, modelName, versionName, fromVersionName, userNames } = answer
  const { record } = release
  const { byId } = useTargets()
  const deployment = (id: string) => nameOfTarget(byId, { type: 'deployment', id })
  return (
    <Section title="Release">
      <KeyValue
        labelWidth={140}
        items={[
          {
            label: 'Version',
            value: (
              <PathLink to={pathTo.version(record.modelId, record.versionId)}>{`${modelName} ${versionName}`}</PathLink>
            ),
          },
          { label: 'In the place of', value: fromVersionName ?? 'nothing' },
          { label: 'Tested on', value: deployment(record.testDeploymentId) },
          { label: 'Released to', value: deployment(record.productionDeploymentId) },
          {
            label: 'Test plan',
            value: (
              <PathLink
                to={`/releases/plans/${plan.record.id}`}
              >{`${plan.record.name}, revision ${plan.revision}`}</PathLink>
            ),
          },
          {
            label: 'Submitted by',
            value: (
              <>
                {userNames[record.submittedBy] ?? record.submittedBy}, <Time at={record.createdAt} nowAt={nowAt} />
              </>
            ),
          },
          { label: 'Reason', value: record.reason },
          {
            label: certificate?.decision === 'refused' ? 'Refused' : 'Certified',
            value: <Signed signature={record.certification} nowAt={nowAt} />,
          },
          { label: 'Approved', value: <Signed signature={record.approval} nowAt={nowAt} /> },
          {
            label: 'Certificate',
            value:
              certificate === null ? (
                'none yet'
              ) : (
                <>
                  valid until <Time at={certificate.predicate.validUntil} nowAt={nowAt} />{' '}
                  <Hallmark
                    label={certificate.decision === 'refused' ? 'signed refusal' : 'certified'}
                    onShowProof={onShowCertificate}
                  />
                </>
              ),
          },
        ]}
      />
    </Section>
  )
}

function Signed({ signature, nowAt }: { signature: Signature | null; nowAt: number }) {
  if (signature === null) return <>{absent}</>
  return (
    <>
      {signature.userName}, <Time at={signature.at} nowAt={nowAt} />
      <Box sx={{ color: 'text.secondary' }}>{`${signature.meaning}: ${signature.reason}`}</Box>
    </>
  )
}
