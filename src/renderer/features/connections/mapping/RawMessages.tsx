import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import ButtonBase from '@mui/material/ButtonBase'
import Typography from '@mui/material/Typography'
import type { MappingSpec, RawMessage } from '../../../../contract/mapping.ts'
import type { Json } from '../../../../contract/primitives.ts'
import { useQueryMethod, useRpcClient } from '../../../rpc/hooks.ts'
import { Empty } from '../../../widgets/States.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { CodeBlock } from '../../shared/CodeBlock.tsx'
import { type Leaf, leavesOf, shortValue } from './mapping-draft.ts'
import { useListening } from './use-listening.ts'

/** A message as a value; null when it is no JSON. */
export function readMessage({ text }: RawMessage, format: MappingSpec['format']): Json | undefined {
  if (format === 'text') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

export type RawMessagesProps = {
  connectionId: string
  /** Brokers can be listened to; what is pushed shows by itself. */
  canListen: boolean
  topic: string
  format: MappingSpec['format']
  /** The message is a list of elements found by a path. */
  hasElements: boolean
  shown: RawMessage | null
  onShow: (message: RawMessage) => void
  onPick: (leaf: Leaf) => void
}

/** Recent raw messages: choose one, see it, click a value to map it. */
export function RawMessages({
  connectionId,
  canListen,
  topic,
  format,
  hasElements,
  shown,
  onShow,
  onPick,
}: RawMessagesProps) {
  const recent = useQueryMethod(
    'mappings.recent',
    { connectionId },
    { follows: { data: ['connections', 'samples', 'telemetry', 'labels'] } },
  )
  const listening = useListening(useRpcClient(), connectionId, () => void recent.refetch())
  const messages = newestOfTopics(recent.data ?? [])
  const value = shown === null ? undefined : readMessage(shown, format)
  return (
    <Box sx={{ display: 'grid', gap: 1.5, alignContent: 'start', minWidth: 0 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Typography variant="subtitle2" component="h3" sx={{ flex: 1 }}>
          Recent messages
        </Typography>
        {canListen && (
          <Button variant="outlined" disabled={listening.isBusy || topic === ''} onClick={() => listening.start(topic)}>
            {listening.isBusy ? 'Listening…' : 'Listen to the topic'}
          </Button>
        )}
      </Box>
      {listening.note !== null && (
        <Typography variant="caption" role="status">
          {listening.note}
        </Typography>
      )}
      {messages.length === 0 && (
        <Empty
          title="No message yet"
          hint={
            canListen ? 'Write the topic and listen to it for five seconds.' : 'Push one: it shows here, mapped or not.'
          }
        />
      )}
      <Box sx={{ maxHeight: 180, overflowY: 'auto', display: 'grid' }}>
        {messages.map((message) => (
          <ButtonBase
            key={message.source}
            onClick={() => onShow(message)}
            aria-pressed={message.source === shown?.source}
            sx={{
              display: 'block',
              px: 1,
              py: 0.5,
              borderRadius: 0.5,
              typography: 'body2',
              textAlign: 'left',
              bgcolor: message.source === shown?.source ? 'action.selected' : undefined,
            }}
          >
            <Box component="code" sx={{ overflowWrap: 'anywhere' }}>
              {message.source}
            </Box>
            <Box sx={{ typography: 'caption', color: 'text.secondary' }}>
              <Time at={message.at} withSeconds />
            </Box>
          </ButtonBase>
        ))}
      </Box>
      {shown !== null && (
        <>
          <Typography variant="caption">
            {hasElements
              ? 'Click a value to map it; its path then begins at the element, not at the message.'
              : 'Click a value to map it.'}
          </Typography>
          <Box sx={{ maxHeight: 240, overflowY: 'auto', display: 'grid' }}>
            {value !== undefined &&
              leavesOf(value).map((leaf) => (
                <ButtonBase
                  key={leaf.path}
                  onClick={() => onPick(leaf)}
                  sx={{
                    display: 'grid',
                    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
                    overflowWrap: 'anywhere',
                    gap: 1,
                    px: 1,
                    py: 0.25,
                    typography: 'body2',
                    textAlign: 'left',
                  }}
                >
                  <code>{leaf.path}</code>
                  <Box
                    sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
                  >
                    {shortValue(leaf.value)}
                  </Box>
                </ButtonBase>
              ))}
          </Box>
          <CodeBlock
            text={value === undefined || format === 'text' ? shown.text : JSON.stringify(value, null, 2)}
            label="message as it came"
            maxHeight={220}
          />
        </>
      )}
    </Box>
  )
}

/** The newest message of each topic. */
function newestOfTopics(messages: readonly RawMessage[]): RawMessage[] {
  const newest = new Map<string, RawMessage>()
  for (const message of messages) if (!newest.has(message.source)) newest.set(message.source, message)
  return [...newest.values()]
}
