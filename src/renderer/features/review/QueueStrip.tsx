import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import { useEffect, useRef } from 'react'
import type { Version } from '../../../contract/model.ts'
import { Picture } from '../../widgets/Picture.tsx'
import { digestIn } from '../models/samples/SampleDrawer.tsx'
import type { QueueItem, Verdict } from './use-labelling.ts'

export type QueueStripProps = {
  items: readonly QueueItem[]
  version: Version | null
  place: number
  verdicts: ReadonlyMap<number, Verdict>
  sent: ReadonlySet<number>
  onGoTo: (place: number) => void
}

/** The whole queue at a glance: where one is, what was said of each, what has been sent. */
export function QueueStrip({ items, version, place, verdicts, sent, onGoTo }: QueueStripProps) {
  const list = useRef<HTMLOListElement>(null)
  const picture = version?.schema.columns.find(({ type }) => type === 'image')?.name ?? null
  useEffect(() => {
    list.current?.children[place]?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [place])
  return (
    <Box
      component="ol"
      ref={list}
      aria-label="Queue"
      sx={{ listStyle: 'none', m: 0, p: 0.5, display: 'flex', gap: 0.75, overflowX: 'auto' }}
    >
      {items.map(({ sample }, index) => {
        const said = wordOf(verdicts.get(index) ?? null, sent.has(index))
        return (
          <Box component="li" key={sample.id} sx={{ flex: 'none' }}>
            <ButtonBase
              aria-label={`Sample ${index + 1}, ${said === '' ? 'open' : said}`}
              aria-current={index === place ? 'true' : undefined}
              onClick={() => onGoTo(index)}
              sx={{
                width: 64,
                height: picture === null ? 44 : 84,
                display: 'grid',
                alignContent: 'center',
                justifyItems: 'center',
                gap: 0.25,
                border: 1,
                borderRadius: 1,
                borderColor: index === place ? 'primary.main' : 'divider',
                outline: index === place ? '1px solid' : undefined,
                outlineColor: 'primary.main',
                bgcolor: 'background.paper',
                typography: 'caption',
              }}
            >
              {picture !== null && <Picture digest={digestIn(sample, picture)} alt="" size={48} />}
              <Box
                component="span"
                sx={{
                  maxWidth: 58,
                  overflow: 'hidden',
                  textOverflow: 'ellipsis',
                  whiteSpace: 'nowrap',
                  color: said === '' ? 'text.secondary' : 'text.primary',
                  fontWeight: said === '' ? 400 : 600,
                }}
              >
                {said === '' ? index + 1 : said}
              </Box>
            </ButtonBase>
          </Box>
        )
      })}
    </Box>
  )
}

function wordOf(verdict: Verdict | null, isSent: boolean): string {
  if (verdict === null) return ''
  if (verdict === 'skipped') return 'skipped'
  return isSent ? `✓ ${verdict.label}` : String(verdict.label)
}
