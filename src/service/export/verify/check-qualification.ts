import { describeQualification, qualification } from '../../../contract/qualification.ts'
import { sha256Hex } from '../../proof/digest.ts'
import { names } from '../shape.ts'
import type { ExportContent } from './content.ts'
import { failed, passed, type Verdict } from './verdict.ts'

/**
 * The engine's examination in the file is the one that the settings name, and its count is that of its cases; null where none was
 * recorded. That the engine qualified is what it says of itself: `assay qualify` asks it again.
 */
export function checkQualification({ records, files, bytesOf }: ExportContent): Verdict | null {
  const stamp = records.settings[0]?.record.qualification
  if (stamp === undefined) return null
  const file = names.qualification
  if (!files.has(file)) return failed('The settings name an examination of the engine that is not in the file', file)
  const bytes = bytesOf(file)
  if (sha256Hex(bytes) !== stamp.digest) return failed(`${file} is not the examination that the settings name`, file)
  const { cases, total, passed: count, isQualified } = qualification.parse(JSON.parse(new TextDecoder().decode(bytes)))
  const isTrue = cases.every(({ got, low, high, isPassed }) => isPassed === (got !== null && got >= low && got <= high))
  const counted = cases.filter(({ isPassed }) => isPassed).length
  const isSame = total === stamp.total && count === stamp.passed && isQualified === stamp.isQualified
  if (!isTrue || !isSame || cases.length !== total || counted !== count || isQualified !== (counted === total))
    return failed(`${file} claims another result than its cases give`, file)
  return passed(describeQualification(stamp.engine, stamp))
}
