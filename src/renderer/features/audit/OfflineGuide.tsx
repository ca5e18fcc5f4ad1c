import Box from '@mui/material/Box'
import { Section } from '../../widgets/Section.tsx'
import { CodeBlock } from '../shared/CodeBlock.tsx'

/** How an auditor checks an export without this console. */
export function OfflineGuide() {
  return (
    <Section title="Checking an export offline" note="The file needs nothing else: no network, no account, no console.">
      <Box component="ol" sx={{ m: 0, pl: 2.5, typography: 'body2', '& > li': { py: 0.5 } }}>
        <li>
          Export the releases in question and hand over the one file. It holds the report, the data, certificates, log
          proofs and a signed manifest.
        </li>
        <li>
          On any machine with this program:
          <CodeBlock
            text="npm run -s assay -- verify audit-of-cat-or-dog.assay"
            label="command that verifies an export"
          />
        </li>
        <li>
          Every digest, signature and log proof is checked, and performance, drift and fairness are recomputed from the
          samples in the file. A byte that was changed is found and named; the exit code is 0 only when all of it holds.
        </li>
        <li>Compare the key ids with those that the signers gave you by another way.</li>
      </Box>
    </Section>
  )
}
