import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import { useNavigate } from 'react-router'
import type { OutputOf } from '../../../contract/api.ts'
import type { Certificate, GateResult } from '../../../contract/release.ts'
import { unitOfFinding } from '../../data/numbers.ts'
import { pathTo } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Digest } from '../../widgets/Digest.tsx'
import { Estimate } from '../../widgets/Estimate.tsx'
import { formatNumber } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Empty, ErrorState, Loading } from '../../widgets/States.tsx'
import { Status, type StatusKind } from '../../widgets/Status.tsx'
import { Time } from '../../widgets/Time.tsx'
import { CodeBlock } from '../shared/CodeBlock.tsx'

export type CertificateDialogProps = {
  title: string
  /** Null while it is looked for, and where there is none. */
  releaseId: string | null
  isSearching: boolean
  problem: string | null
  onClose: () => void
}

/** The proof behind a hallmark: who certified what, on which evidence, until when, and what a machine needs to check it. */
export function CertificateDialog({ title, releaseId, isSearching, problem, onClose }: CertificateDialogProps) {
  const titleId = useId()
  const navigate = useNavigate()
  const release = useQueryMethod('releases.get', { id: releaseId ?? 'rel_0' }, { enabled: releaseId !== null })
  const said = problem ?? release.error?.message ?? null
  const certificate = release.data?.certificate ?? null
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{title}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {said !== null && <ErrorState message={said} />}
        {said === null && (isSearching || (releaseId !== null && release.data === undefined)) && <Loading rows={5} />}
        {said === null &&
          !isSearching &&
          (releaseId === null || (release.data !== undefined && certificate === null)) && (
            <Empty
              title="No certificate was found"
              hint="The version is recorded as certified, but no release holds one."
            />
          )}
        {certificate !== null && release.data !== undefined && (
          <CertificateFacts certificate={certificate} receipts={release.data.receipts} />
        )}
      </DialogContent>
      <DialogActions>
        {releaseId !== null && (
          <Button onClick={() => void navigate(pathTo.release(releaseId))}>Open the release</Button>
        )}
        <Button variant="contained" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function CertificateFacts(props: { certificate: Certificate; receipts: OutputOf<'releases.get'>['receipts'] }) {
  const { predicate, envelope, publicKeyPem } = props.certificate
  const { signer } = predicate
  return (
    <>
      <KeyValue
        labelWidth={150}
        items={[
          { label: 'Decision', value: predicate.decision },
          { label: 'Model and version', value: `${predicate.model.name} ${predicate.version.name}` },
          { label: 'Signed by', value: `${signer.userName}, as ${signer.meaning}` },
          { label: 'Reason', value: signer.reason },
          { label: 'Issued', value: <Time at={predicate.issuedAt} /> },
          { label: 'Valid until', value: <Time at={predicate.validUntil} nowAt={Date.now()} /> },
          { label: 'Test plan', value: `${predicate.plan.name}, revision ${predicate.plan.revision}` },
          { label: 'Evidence', value: <Digest digest={predicate.testRun.evidenceDigest} label="evidence digest" /> },
          { label: 'Test set', value: <Digest digest={predicate.testRun.datasetDigest} label="test set digest" /> },
          { label: 'Signing key', value: <Digest digest={signer.keyId} label="key identifier" /> },
          { label: 'Engine', value: predicate.engine },
        ]}
      />
      <Box component="section">
        <Typography variant="h3">Gates</Typography>
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {predicate.gates.map((gate) => (
            <GateLine key={gate.gateId} gate={gate} />
          ))}
        </Box>
      </Box>
      <Box component="section">
        <Typography variant="h3">Holds inside</Typography>
        <KeyValue
          items={Object.entries(predicate.operatingEnvelope).map(([name, { range, categories }]) => ({
            label: name,
            value:
              range !== null
                ? `${formatNumber(range[0])} to ${formatNumber(range[1])}`
                : (categories?.join(', ') ?? 'any value'),
          }))}
        />
      </Box>
      {props.receipts.length > 0 && (
        <Box component="section">
          <Typography variant="h3">In the audit log</Typography>
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, typography: 'body2' }}>
            {props.receipts.map((receipt) => (
              <Box component="li" key={receipt.index} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, py: 0.25 }}>
                <span>{`entry ${receipt.index}`}</span>
                <span>{`${receipt.action} by ${receipt.actorName}`}</span>
                <Time at={receipt.at} />
                <Digest digest={receipt.leafHash} label={`leaf hash of entry ${receipt.index}`} />
              </Box>
            ))}
          </Box>
        </Box>
      )}
      <CodeBlock text={JSON.stringify(envelope, null, 2)} label="DSSE envelope" maxHeight={160} />
      <CodeBlock text={publicKeyPem} label="public key" maxHeight={120} />
    </>
  )
}

const outcomes: Record<GateResult['outcome'], StatusKind> = {
  passed: 'ok',
  failed: 'breach',
  insufficient: 'insufficient',
  error: 'breach',
}

function GateLine({ gate }: { gate: GateResult }) {
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        gap: 1.5,
        py: 0.5,
        typography: 'body2',
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <Status status={outcomes[gate.outcome]} label={gate.outcome} />
      <span>{gate.title}</span>
      <Estimate estimate={gate.measured} unit={unitOfFinding(gate.unit)} digits={4} />
      {gate.limit !== null && (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {`limit ${gate.direction === 'at-most' ? 'at most' : 'at least'} ${formatNumber(gate.limit)}`}
        </Box>
      )}
    </Box>
  )
}
