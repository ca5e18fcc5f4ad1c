import { sayInstant, sayMany } from '../../../analysis/wording.ts'
import { auditEntry } from '../../../contract/audit.ts'
import { describeQualification } from '../../../contract/qualification.ts'
import { type Block, heading, type ReportData, type ReportDocument, shortDigest, table, text } from './document.ts'
import { analysisBlocks, monitoringBlocks } from './findings-section.ts'
import { certificateOf, createNames, hallmarkOf, releaseBlocks } from './release-section.ts'

function logBlocks({ entries, manifest }: ReportData): Block[] {
  return [
    heading(1, 'The log'),
    text(
      `The log had ${sayMany(manifest.log.size, 'entry', 'entries')} when this was made; its signed root is ${manifest.log.rootHash}. ` +
        `The ${sayMany(entries.length, 'entry', 'entries')} behind the records in this file follow, each proved to be in the log.`,
    ),
    table(
      [
        ['No.', 7],
        ['When', 17],
        ['Who', 15],
        ['What', 20],
        ['About, and why', 25],
        ['Leaf hash', 16],
      ],
      entries.map(({ index, leafHash, canonical }) => {
        const entry = auditEntry.parse(JSON.parse(canonical))
        const about = [entry.subject === null ? null : `${entry.subject.kind} ${entry.subject.name}`, entry.reason]
        return [
          String(index),
          sayInstant(entry.at),
          entry.actor.name,
          entry.action,
          about.filter((part) => part !== null).join(': '),
          shortDigest(leafHash),
        ]
      }),
      'No entry belongs to these records.',
    ),
  ]
}

/** Writes the report from the data that lies beside it in the file: the same data give the same report. */
export function buildReport(data: ReportData): ReportDocument {
  const { manifest, records } = data
  const names = createNames(data)
  const stamp = records.settings[0]?.record.qualification
  const releases = manifest.releaseIds.flatMap((id) => records.release.filter(({ record }) => record.id === id))
  const blocks = releases.flatMap(({ record }) => {
    const { before, after } = releaseBlocks(record, data, names)
    return [...before, ...analysisBlocks(record, data), ...after, ...monitoringBlocks(record, data, names)]
  })
  return {
    title: manifest.title,
    subtitle: `Audit export of ${manifest.workspace.name}${manifest.workspace.isDemo ? ' (demo)' : ''}`,
    createdAt: manifest.createdAt,
    facts: [
      ['Made', `${sayInstant(manifest.createdAt)} by ${manifest.exportedBy.name}`],
      ['Why', manifest.reason],
      ['Log', `${manifest.workspace.logOrigin}, ${sayMany(manifest.log.size, 'entry', 'entries')}`],
      ['Signed by key', manifest.keyId],
      ...(stamp === undefined ? [] : [['Analysis', describeQualification(stamp.engine, stamp)] as const]),
      ['To check it', 'assay verify FILE recomputes every number from the rows in the file; it needs nothing else'],
    ],
    hallmarks: releases.map(({ record }) => hallmarkOf(record, certificateOf(record, data), names)),
    blocks: [...blocks, ...logBlocks(data)],
    footer: `${manifest.title}, ${sayInstant(manifest.createdAt)}, root ${shortDigest(manifest.log.rootHash)}`,
  }
}
