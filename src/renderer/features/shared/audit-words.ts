import type { AuditEntry } from '../../../contract/audit.ts'
import { capitalise, spellOut } from './words.ts'

const known: Record<string, string> = {
  'releases.submit': 'Submitted',
  'releases.runTests': 'Tests started',
  'releases.certify': 'Certificate signed',
  'releases.approve': 'Approved',
  'releases.release': 'Release sent',
  'releases.rollBack': 'Roll-back sent',
  'releases.withdraw': 'Withdrawn',
  'session.signIn': 'Signed in',
  'session.signOut': 'Signed out',
  'session.setUp': 'Workspace set up',
  'session.changePassword': 'Password changed',
  'qualification.run': 'Examination of the engine started',
  'system.qualified': 'Engine examined',
  'audit.export': 'Exported for the auditor',
}

const nouns: Record<string, string> = {
  deadLetters: 'dead letters',
  mappings: 'mapping',
  testPlans: 'test plan',
  system: 'console',
}

/** What an entry records in words; an attempt that was refused is said to be one. */
export function entryWord({ action, details }: Pick<AuditEntry, 'action' | 'details'>): string {
  return details.outcome === 'refused' ? `${actionWord(action)}: refused` : actionWord(action)
}

/** A command's name in words: `thresholds.save` reads `Thresholds: save`. */
export function actionWord(action: string): string {
  if (Object.hasOwn(known, action)) return known[action]
  const [section, ...rest] = action.split('.')
  const noun = Object.hasOwn(nouns, section) ? nouns[section] : spellOut(section)
  return rest.length === 0 ? capitalise(noun) : `${capitalise(noun)}: ${spellOut(rest.join(' ')).replaceAll('-', ' ')}`
}
