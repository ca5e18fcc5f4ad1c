import Box from '@mui/material/Box'
import { Digest } from '../../../widgets/Digest.tsx'
import { formatCount } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { CodeBlock } from '../CodeBlock.tsx'
import { Disclosure } from '../Disclosure.tsx'
import { ProofPath } from './ProofPath.tsx'
import type { Proof } from './use-proof.ts'

/** What was recomputed, the path drawn, and the signed checkpoint it ends at. */
export function ProofView({ proof }: { proof: Proof }) {
  const { entry, leafHash, checkpoint, isLeafRight, isRootReached } = proof
  const holds = isLeafRight && isRootReached
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box sx={{ typography: 'body2' }}>
        <Status status={holds ? 'ok' : 'breach'} label={holds ? 'The proof holds' : 'The proof does not hold'} />{' '}
        {holds
          ? `This page hashed the entry and climbed ${proof.steps.length} steps to the root that the checkpoint signs.`
          : isLeafRight
            ? 'The path does not lead to the root of the checkpoint: the log was changed after it was signed.'
            : 'The entry does not give the hash that the log has for it: the entry was changed.'}
      </Box>
      <ProofPath proof={proof} />
      <KeyValue
        items={[
          { label: 'Entry', value: `${formatCount(entry.index)}, ${entry.action} by ${entry.actor.name}` },
          { label: 'Leaf hash', value: <Digest digest={leafHash} label="leaf hash" /> },
          { label: 'Root hash', value: <Digest digest={checkpoint.rootHash} label="root hash" /> },
          {
            label: 'Checkpoint',
            value: (
              <>
                {`over ${formatCount(checkpoint.size)} entries, signed `}
                <Time at={checkpoint.at} withSeconds />
              </>
            ),
          },
        ]}
      />
      <Disclosure summary="The signed checkpoint, as public tools read it">
        <CodeBlock text={checkpoint.note} label="signed checkpoint" />
      </Disclosure>
    </Box>
  )
}
