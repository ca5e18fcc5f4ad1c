import { z } from 'zod'
import { wireLabel } from '../../contract/sample.ts'
import { type BrokerAccess, connectPublisher } from '../live/publisher.ts'
import { FRAMES_TOPIC, LABELS_TOPIC } from '../park/names.ts'
import { decodePng } from '../park/png.ts'
import type { Archive } from './archive.ts'

const frameMessage = z.strictObject({ id: z.string().min(1).max(79), at: z.number(), png: z.base64().max(24 * 1024) })
const labelsMessage = z.union([z.array(wireLabel), wireLabel.transform((label) => [label])])

/** The pipeline's own ear: keeps every frame and label that it hears on the broker. */
export async function startArchivist(parts: {
  readonly access: BrokerAccess
  readonly archive: Archive
  readonly onProblem: (sentence: string) => void
}): Promise<{ close(): Promise<void> }> {
  const { archive, onProblem } = parts
  const connection = await connectPublisher(parts.access, 'petpark-pipeline')
  connection.client.on('message', (topic, payload) => {
    try {
      const message: unknown = JSON.parse(payload.toString('utf8'))
      if (topic === FRAMES_TOPIC) {
        const { id, at, png } = frameMessage.parse(message)
        const decoded = decodePng(Buffer.from(png, 'base64'))
        if (!decoded.ok) throw new Error(decoded.reason)
        archive.add({ id, at, pixels: decoded.frame.pixels })
      } else for (const { id, label } of labelsMessage.parse(message)) archive.label(id, String(label))
    } catch (error) {
      onProblem(
        `The pipeline passed a message on ${topic} over: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  })
  await connection.client.subscribeAsync([FRAMES_TOPIC, LABELS_TOPIC], { qos: 1 })
  return { close: () => connection.close() }
}
