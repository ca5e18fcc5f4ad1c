import Box from '@mui/material/Box'
import type { CertificatePredicate } from '../../../contract/release.ts'
import { Digest } from '../../widgets/Digest.tsx'
import { formatNumber } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Status } from '../../widgets/Status.tsx'
import { Time } from '../../widgets/Time.tsx'
import { outcomeWords } from './gate-rows.ts'

/** What a certificate says. */
export function CertificateFacts({ predicate }: { predicate: CertificatePredicate }) {
  const { signer, plan, testRun, gates, issuedAt, validUntil, operatingEnvelope, engine } = predicate
  const envelope = Object.entries(operatingEnvelope)
  return (
    <KeyValue
      labelWidth={140}
      items={[
        {
          label: 'Signed by',
          value: (
            <>
              {signer.userName}, <Time at={issuedAt} withSeconds />
            </>
          ),
        },
        { label: 'Meaning', value: `${signer.meaning}: ${signer.reason}` },
        { label: 'Key', value: <Digest digest={signer.keyId} label="key id" /> },
        { label: 'Valid until', value: <Time at={validUntil} /> },
        {
          label: 'Test plan',
          value: (
            <>
              {`${plan.name}, revision ${plan.revision} `}
              <Digest digest={plan.digest} label="digest of the plan" />
            </>
          ),
        },
        { label: 'Evidence', value: <Digest digest={testRun.evidenceDigest} label="evidence digest" /> },
        { label: 'Test set', value: <Digest digest={testRun.datasetDigest} label="digest of the test set" /> },
        {
          label: 'Gates',
          value: gates.map(({ gateId, title, outcome, message }) => (
            <Box key={gateId} sx={{ py: 0.25 }} title={message}>
              <Status status={outcomeWords[outcome].status} label={outcomeWords[outcome].word} /> {title}
            </Box>
          )),
        },
        {
          label: 'Holds inside',
          value:
            envelope.length === 0
              ? 'no range is declared'
              : envelope.map(([name, { range, categories }]) => (
                  <Box key={name}>
                    {`${name}: ${range === null ? (categories ?? []).join(', ') : `${formatNumber(range[0])} to ${formatNumber(range[1])}`}`}
                  </Box>
                )),
        },
        { label: 'Engine', value: engine },
      ]}
    />
  )
}
