import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import { useState } from 'react'
import type { Estimate as EstimateValue } from '../../contract/primitives.ts'
import { Estimate } from './Estimate.tsx'
import { formatPercent, type Unit } from './format.ts'
import { type StatusKind, StatusShape } from './Status.tsx'

export type SliceNode = {
  id: string
  /** The condition that leads here from the node above: "light < 12.5". */
  condition: string
  /** Share of all samples that are here, in [0, 1]. */
  coverage: number
  /** Share of all errors that are here, in [0, 1]. */
  errorCoverage: number
  errorRate: EstimateValue
  status: StatusKind
  children: SliceNode[]
}

export type SliceTreeProps = {
  label: string
  root: SliceNode
  unit?: Unit
  selectedId?: string | null
  onSelect?: (node: SliceNode) => void
}

/** Where the errors are: a tree of conditions, each with its error rate and its share of samples and of errors. */
export function SliceTree({ label, root, unit = 'percent', selectedId = null, onSelect }: SliceTreeProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const toggle = (id: string) =>
    setClosed((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })

  const renderNode = (node: SliceNode) => {
    const open = !closed.has(node.id)
    return (
      <li key={node.id}>
        <Box
          sx={{
            display: 'flex',
            alignItems: 'center',
            minHeight: 34,
            borderBottom: 1,
            borderColor: 'divider',
            bgcolor: node.id === selectedId ? 'action.selected' : undefined,
          }}
        >
          <ButtonBase
            aria-label={`${open ? 'Close' : 'Open'} ${node.condition}`}
            aria-expanded={open}
            disabled={node.children.length === 0}
            onClick={() => toggle(node.id)}
            sx={{ width: 24, height: 28, flex: 'none', color: 'text.secondary', typography: 'body2' }}
          >
            {node.children.length === 0 ? '' : open ? '▾' : '▸'}
          </ButtonBase>
          <ButtonBase
            disabled={onSelect === undefined}
            aria-pressed={onSelect === undefined ? undefined : node.id === selectedId}
            onClick={() => onSelect?.(node)}
            sx={{
              flex: 1,
              minWidth: 0,
              display: 'grid',
              gridTemplate: '"condition samples" auto "estimate errors" auto / minmax(0, 1fr) 108px',
              '@container (min-width: 680px)': {
                gridTemplate: '"condition estimate samples errors" auto / minmax(0, 1fr) 204px 108px 92px',
              },
              columnGap: 2,
              alignItems: 'center',
              textAlign: 'left',
              py: 0.5,
              pr: 1,
              typography: 'body2',
            }}
          >
            <Box
              sx={{
                display: 'flex',
                alignItems: 'center',
                gap: 1,
                minWidth: 0,
                gridArea: 'condition',
              }}
            >
              <StatusShape status={node.status} />
              <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                {node.condition}
              </Box>
            </Box>
            <Box sx={{ gridArea: 'estimate' }}>
              <Estimate estimate={node.errorRate} unit={unit} />
            </Box>
            <Share of="samples" share={node.coverage} color="text.secondary" />
            <Share of="errors" share={node.errorCoverage} color="status.breach" />
          </ButtonBase>
        </Box>
        {open && node.children.length > 0 && (
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, pl: 2.5 }}>
            {node.children.map(renderNode)}
          </Box>
        )}
      </li>
    )
  }
  return (
    <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0, containerType: 'inline-size' }}>
      {renderNode(root)}
    </Box>
  )
}

function Share({ of, share, color }: { of: 'samples' | 'errors'; share: number; color: string }) {
  return (
    <Box sx={{ gridArea: of }}>
      <Box sx={{ typography: 'caption', color: 'text.secondary', whiteSpace: 'nowrap' }}>
        {`${formatPercent(share, 0)} of ${of}`}
      </Box>
      <Box sx={{ height: 3, bgcolor: 'divider' }}>
        <Box sx={{ height: 3, width: `${Math.min(100, share * 100)}%`, bgcolor: color }} />
      </Box>
    </Box>
  )
}
