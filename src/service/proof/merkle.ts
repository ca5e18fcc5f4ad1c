import { createMerkle } from '../../rules/proof/merkle.ts'
import { sha256Bytes } from './digest.ts'

/** The audit log's tree over this platform's SHA-256. */
export const merkle = createMerkle(sha256Bytes)
