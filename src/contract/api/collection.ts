import { z } from 'zod'
import { connectionId } from '../connection.ts'
import { mappedMessage, mapping, mappingId, mappingSpec, rawMessage } from '../mapping.ts'
import { instant, reason } from '../primitives.ts'
import { revisioned } from '../records.ts'
import { command, everyone, query } from '../rpc.ts'

const operators = ['operator', 'qa-expert', 'administrator'] as const

/** How messages of other systems come in. */
export const collectionApi = {
  'mappings.list': query({
    roles: [...everyone],
    input: z.strictObject({ connectionId }),
    output: z.array(revisioned(mapping)),
  }),
  /** Every version of a mapping, newest first, with who saved it and the audit entry. */
  'mappings.history': query({
    roles: [...everyone],
    input: z.strictObject({ id: mappingId }),
    output: z.array(
      z.strictObject({ ...revisioned(mapping).shape, at: instant, auditIndex: z.int(), authorName: z.string() }),
    ),
  }),
  /** Mappings for systems that many have, to begin with. */
  'mappings.ready': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.array(z.strictObject({ id: z.string(), title: z.string(), note: z.string(), spec: mappingSpec })),
  }),
  /** The newest messages as they came, a few of each topic. */
  'mappings.recent': query({
    roles: [...operators],
    input: z.strictObject({ connectionId }),
    output: z.array(rawMessage),
  }),
  /** Hears a topic for a few seconds beside the running connection; nothing heard is stored or acknowledged for it. */
  'mappings.listen': query({
    roles: [...operators],
    input: z.strictObject({
      connectionId,
      topic: mappingSpec.shape.topic,
      seconds: z.int().min(1).max(30).default(5),
    }),
    output: z.strictObject({ heard: z.int(), problem: z.string().nullable() }),
  }),
  /** What a mapping makes of the newest ten messages of its topic, as if they came now; stores nothing. */
  'mappings.preview': query({
    roles: [...operators],
    input: z.strictObject({ connectionId, spec: mappingSpec }),
    output: z.strictObject({
      /** What is wrong with the mapping itself, naming the field and the path. */
      problem: z.string().nullable(),
      rows: z.array(mappedMessage),
    }),
  }),
  'mappings.save': command({
    roles: [...operators],
    input: z.strictObject({
      id: mappingId.nullable(),
      revision: z.int().nullable(),
      connectionId,
      isEnabled: z.boolean(),
      spec: mappingSpec,
      reason,
    }),
    output: revisioned(mapping),
  }),
} as const
