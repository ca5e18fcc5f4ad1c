import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { MappedRawMessage } from '../../../../contract/mapping.ts'
import { StatusShape } from '../../../widgets/Status.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { CodeBlock } from '../../shared/CodeBlock.tsx'

/** What the mapping makes of the newest ten messages of its topic. */
export function MappingPreview({ rows, problem }: { rows: readonly MappedRawMessage[]; problem: string | null }) {
  if (problem !== null)
    return (
      <Box role="alert" sx={{ display: 'flex', gap: 1, alignItems: 'center', typography: 'body2' }}>
        <StatusShape status="breach" size={16} />
        {problem}
      </Box>
    )
  if (rows.length === 0)
    return <Typography variant="body2">No recent message has this topic: listen to it, or wait for one.</Typography>
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {rows.map(({ message, elements, taken, problems }, index) => (
        <Box key={`${message.at} ${message.source} ${String(index)}`} sx={{ display: 'grid', gap: 0.5, minWidth: 0 }}>
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', typography: 'body2' }}>
            <StatusShape status={problems.length > 0 ? 'breach' : 'ok'} size={14} />
            <Box sx={{ flex: 1, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
              <Time at={message.at} withSeconds /> {message.source}
            </Box>
            {taken === 1 ? '1 element' : `${String(taken)} elements`}
          </Box>
          {problems.map((sentence) => (
            <Box key={sentence} sx={{ typography: 'caption', color: 'error.main' }}>
              {sentence}
            </Box>
          ))}
          {elements.slice(0, 2).map(({ topic, element }, at) => (
            <CodeBlock
              key={`${topic} ${String(at)}`}
              text={`${topic}\n${JSON.stringify(element, null, 1)}`}
              label="mapped element"
              maxHeight={160}
            />
          ))}
        </Box>
      ))}
    </Box>
  )
}
