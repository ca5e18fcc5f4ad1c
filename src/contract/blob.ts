import { z } from 'zod'

/** Kinds of columns whose values are stored as files of their own: a sample holds the SHA-256 of the file, or a reference to it. */
export const blobKind = z.enum(['image', 'text', 'audio', 'embedding'])
export type BlobKind = z.infer<typeof blobKind>

const blobKinds: ReadonlySet<string> = new Set(blobKind.options)

/** Whether a column of this type holds blobs, which are neither compared nor counted as if they were categories. */
export const isBlobKind = (type: string): type is BlobKind => blobKinds.has(type)

/** What the console can measure of a blob when it arrives, by kind. Each becomes a column of its own, like any other. */
export const measuresOf = {
  image: ['brightness', 'contrast', 'sharpness', 'hue', 'saturation', 'width', 'height'],
  text: ['characters', 'words', 'unknownShare', 'script', 'mixedShare', 'foreignShare'],
  audio: ['seconds', 'level', 'peak', 'clippedShare', 'centroid', 'sampleRate'],
  embedding: ['norm', 'distance'],
} as const satisfies Record<BlobKind, readonly string[]>
export type MeasureOf<K extends BlobKind> = (typeof measuresOf)[K][number]

export const blobMeasure = z.enum([
  ...measuresOf.image,
  ...measuresOf.text,
  ...measuresOf.audio,
  ...measuresOf.embedding,
])
export type BlobMeasure = z.infer<typeof blobMeasure>

/** Numbers, the one category (the script of a text), and null where a measure is not defined. */
export type BlobFacts = Partial<Record<BlobMeasure, number | string | null>>

/** Unicode scripts that texts are told apart by; all others are `other`. */
export const scriptName = z.enum([
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Thai',
  'Hangul',
  'Han',
  'Kana',
])
export type ScriptName = z.infer<typeof scriptName>

/** What else a column of blobs declares. */
export const blobOptions = z.strictObject({
  /** Which measures become columns, named `<column>.<measure>`; absent: all that the column's kind has. */
  descriptors: z.array(blobMeasure).max(20).optional(),
  /** Texts: words that the model knows, in lower case; without them nobody can say what is out of vocabulary. */
  vocabulary: z.array(z.string().min(1).max(100)).max(10_000).optional(),
  /** Texts: scripts in which they are expected. */
  scripts: z.array(scriptName).max(scriptName.options.length).optional(),
  /** Embeddings: how many numbers each has. */
  length: z.int().min(1).max(4096).optional(),
  /** Embeddings: the mean of those of the reference, from which distances are measured. */
  center: z.array(z.number()).min(1).max(4096).optional(),
})
export type BlobOptions = z.infer<typeof blobOptions>

/** Says that the intake fills a column by measuring a blob of the same sample, where the sample does not bring the value itself. */
export const derivation = z.strictObject({ from: z.string().min(1).max(100), measure: blobMeasure })
export type Derivation = z.infer<typeof derivation>

/** Where a blob lies that was not sent: shown as text, never fetched. */
export const blobReference = z.string().regex(/^[A-Za-z][A-Za-z0-9+.-]{0,30}:\S{1,900}$/, {
  error: 'expected an address with a scheme, such as s3://bucket/frame.jpg',
})
