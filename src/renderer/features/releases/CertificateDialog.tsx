import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import type { Certificate } from '../../../contract/release.ts'
import { Status } from '../../widgets/Status.tsx'
import { CodeBlock } from '../shared/CodeBlock.tsx'
import { Disclosure } from '../shared/Disclosure.tsx'
import { checkEnvelope, type EnvelopeCheck } from '../shared/proof/envelope.ts'
import { CertificateFacts } from './CertificateFacts.tsx'

const said: Record<EnvelopeCheck['status'], { status: 'ok' | 'breach' | 'unknown'; word: string }> = {
  holds: { status: 'ok', word: 'The signature holds' },
  broken: { status: 'breach', word: 'The signature does not hold' },
  unchecked: { status: 'unknown', word: 'Not checked here' },
}

/** The proof behind the hallmark of a certificate: what was signed, by whom, checked in this page. */
export function CertificateDialog({ certificate, onClose }: { certificate: Certificate; onClose: () => void }) {
  const titleId = useId()
  const { envelope, publicKeyPem, predicate } = certificate
  const check = useQuery({
    queryKey: ['certificate check', certificate.id],
    queryFn: () => checkEnvelope(envelope, publicKeyPem, predicate),
    retry: false,
  })
  const result = check.data
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>
        {predicate.decision === 'certified' ? 'Certificate of ' : 'Signed refusal of '}
        {`${predicate.model.name} ${predicate.version.name}`}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5, typography: 'body2' }}>
        <div>
          {result === undefined ? (
            <Status status="unknown" label="Checking the signature" />
          ) : (
            <Status status={said[result.status].status} label={said[result.status].word} />
          )}{' '}
          {result?.status === 'holds'
            ? 'This page checked it with the signer’s public key, and what was signed is what is shown.'
            : result?.why}
        </div>
        <CertificateFacts predicate={predicate} />
        <Disclosure summary="The envelope, as public tools read it (DSSE, in-toto)">
          <CodeBlock text={JSON.stringify(envelope, null, 2)} label="signed envelope" />
        </Disclosure>
        <Disclosure summary="The signer’s public key">
          <CodeBlock text={publicKeyPem} label="public key" />
        </Disclosure>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
