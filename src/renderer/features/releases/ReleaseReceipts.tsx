import Box from '@mui/material/Box'
import { Digest } from '../../widgets/Digest.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Time } from '../../widgets/Time.tsx'
import { actionWord } from '../shared/audit-words.ts'
import { ProvenEntry } from '../shared/proof/ProvenEntry.tsx'
import type { ReleaseAnswer } from './release-headline.ts'

/** What the audit log holds of this release: each step with its place and hash. */
export function ReleaseReceipts({ receipts }: { receipts: ReleaseAnswer['receipts'] }) {
  return (
    <Section title="Receipts" note="Each step left one entry in the signed log. The mark shows its proof.">
      {receipts.length === 0 ? (
        <Empty title="Nothing has been recorded yet" />
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {receipts.map(({ action, at, actorName, index, leafHash }) => (
            <Box
              component="li"
              key={index}
              sx={{
                display: 'flex',
                flexWrap: 'wrap',
                alignItems: 'center',
                columnGap: 2,
                py: 0.5,
                borderTop: 1,
                borderColor: 'divider',
                typography: 'body2',
              }}
            >
              <Box sx={{ flex: '1 1 200px' }}>
                <strong>{actionWord(action)}</strong> by {actorName}
                <Box sx={{ color: 'text.secondary' }}>
                  <Time at={at} withSeconds />
                </Box>
              </Box>
              <Digest digest={leafHash} label={`leaf hash of entry ${index}`} />
              <ProvenEntry index={index} />
            </Box>
          ))}
        </Box>
      )}
    </Section>
  )
}
