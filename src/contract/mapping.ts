import { z } from 'zod'
import { connectionId } from './connection.ts'
import { instant, json, reason, recordId, title } from './primitives.ts'

export const mappingId = recordId('map')

const jmesPath = z.string().trim().min(1).max(1000)

/** Where a value comes from. */
export const fieldOrigin = z.discriminatedUnion('kind', [
  /** JMESPath over one element of the message. */
  z.strictObject({ kind: z.literal('path'), path: jmesPath }),
  /** A level of the topic that the pattern names: `sensors/{device}/state`. */
  z.strictObject({ kind: z.literal('topic'), variable: z.string().min(1).max(60) }),
  z.strictObject({ kind: z.literal('constant'), value: z.union([z.string().max(1000), z.number(), z.boolean()]) }),
  /** When the message arrived: for senders without a clock. */
  z.strictObject({ kind: z.literal('arrival') }),
  /** Made of the message itself, so that the same message twice is one sample: for senders without ids. */
  z.strictObject({ kind: z.literal('digest') }),
])
export type FieldOrigin = z.infer<typeof fieldOrigin>

/** How one field of the documented shapes is filled. */
export const fieldPick = z.strictObject({
  /**
   * `id`, `at`, `prediction`, `label`, `latencyMs`, `device`, `seq`, `version`; `inputs`, `scores` or `values` for a whole object
   * of them, or one of them as `inputs.<name>`.
   */
  to: z.string().min(1).max(160),
  from: fieldOrigin,
  /** Units: a number becomes `number × scale + offset`. */
  scale: z.number().optional(),
  offset: z.number().optional(),
  /** What stands for what: `{ "1": "dog" }`. What is not named stays. */
  translate: z.record(z.string().max(200), z.string().max(200)).optional(),
  /** Where it gives nothing the field is left out; otherwise the element is refused. */
  isOptional: z.boolean().optional(),
})
export type FieldPick = z.infer<typeof fieldPick>

/** How messages of a topic that are not of the documented shapes become samples, labels or telemetry. */
export const mappingSpec = z.strictObject({
  name: title,
  /** Topic with `+` or `{name}` for one level and `#` or `{name+}` for the rest. */
  topic: z.string().trim().min(1).max(500),
  /** `text`: the whole payload is one text (a bare `21.5`), picked with `@`. */
  format: z.enum(['json', 'text']).default('json'),
  /** JMESPath to the list of elements; null takes the message, or each element of it where it is a list. */
  each: jmesPath.nullable().default(null),
  makes: z.enum(['samples', 'labels', 'telemetry']),
  /** Key of the deployment (samples, labels) or of the device (telemetry). */
  owner: fieldOrigin,
  fields: z.array(fieldPick).min(1).max(500),
})
export type MappingSpec = z.infer<typeof mappingSpec>

/** A mapping of one connection as saved; each save is a version with its author and reason. */
export const mapping = z.strictObject({
  id: mappingId,
  connectionId,
  isEnabled: z.boolean(),
  spec: mappingSpec,
  authorId: recordId('usr'),
  reason,
  savedAt: instant,
})
export type Mapping = z.infer<typeof mapping>

/** A message as it came, for the person who maps it. Kept in memory, a few of each topic. */
export const rawMessage = z.strictObject({
  at: instant,
  source: z.string(),
  /** Whether the topic is a documented one, which needs no mapping. */
  isDocumented: z.boolean(),
  /** First bytes as text. */
  text: z.string(),
  bytes: z.int(),
})
export type RawMessage = z.infer<typeof rawMessage>

/** What a mapping makes of one message. */
export const mappedMessage = z.strictObject({
  message: rawMessage,
  /** Elements in the documented shape, at most ten, with the topic at which they would have come. */
  elements: z.array(z.strictObject({ topic: z.string(), element: json })),
  taken: z.int(),
  /** Names the field and the path that failed, at most ten. */
  problems: z.array(z.string()),
})
export type MappedRawMessage = z.infer<typeof mappedMessage>
