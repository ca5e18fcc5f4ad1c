import Box from '@mui/material/Box'
import type { Connection } from '../../../contract/connection.ts'
import { absent, formatCount, formatDuration, formatPercent } from '../../widgets/format.ts'
import { KeyValue, type KeyValueItem } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { brings, type ConnectionRow, kindWords, pickWords, protocolWords } from './connection-words.ts'

/** Counters of a connection beside how it is set up; secrets are never shown. */
export function ConnectionFacts({ row, nowAt }: { row: ConnectionRow; nowAt: number }) {
  const { record, state } = row
  const { counters, probe } = state
  const flows = brings(record.config.kind)
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { lg: '1fr 1fr' }, gap: 2, alignItems: 'start' }}>
      <Section title="Now">
        <KeyValue
          items={[
            { label: 'Since', value: <Time at={state.since} nowAt={nowAt} /> },
            ...(flows
              ? [
                  { label: 'Received', value: formatCount(counters.received) },
                  { label: 'Stored', value: formatCount(counters.stored) },
                  { label: 'Repeated', value: formatCount(counters.repeated) },
                  { label: 'Refused', value: formatCount(counters.refused) },
                  ...(counters.held
                    ? [{ label: 'Held apart', value: `${formatCount(counters.held)}, in the future` }]
                    : []),
                  { label: 'Lag', value: formatDuration(counters.lagMs) },
                ]
              : []),
            { label: 'Last item', value: <Time at={counters.lastAt} nowAt={nowAt} /> },
            ...(probe === null
              ? []
              : [
                  { label: 'Last probe', value: <Time at={probe.at} nowAt={nowAt} /> },
                  { label: 'Ready', value: probe.isReady ? 'yes' : 'no' },
                  { label: 'Latency', value: formatDuration(probe.latencyMs) },
                  {
                    label: 'Failed probes',
                    value: `${formatPercent(probe.errorShare)} of ${formatCount(probe.probes)}`,
                  },
                  {
                    label: 'Server',
                    value: [probe.serverName, probe.serverVersion].filter((part) => part !== null).join(' ') || absent,
                  },
                ]),
          ]}
        />
      </Section>
      <Section title="Set up as">
        <KeyValue
          items={[
            { label: 'Kind', value: kindWords[record.config.kind].word },
            { label: 'Key', value: <code>{record.key}</code> },
            ...settingsOf(record),
            { label: 'Added', value: <Time at={record.createdAt} /> },
          ]}
        />
      </Section>
    </Box>
  )
}

function settingsOf({ config }: Connection): KeyValueItem[] {
  const secret = (name: string | null) => (name === null ? 'none' : 'stored')
  switch (config.kind) {
    case 'mqtt':
      return [
        { label: 'Broker', value: config.url },
        { label: 'Topics', value: `${config.topicPrefix}/…` },
        { label: 'Client id', value: config.clientId },
        { label: 'User', value: config.username ?? 'none' },
        { label: 'Password', value: secret(config.passwordSecret) },
        ...(config.identity ? [{ label: 'Own certificate', value: 'shown to the broker' }] : []),
        ...(config.shareGroup ? [{ label: 'Shared in the group', value: config.shareGroup }] : []),
        ...(config.sparkplugGroup
          ? [{ label: 'Sparkplug B', value: config.sparkplugGroup === '+' ? 'every group' : config.sparkplugGroup }]
          : []),
        { label: 'MQTT', value: config.protocolVersion === 5 ? '5' : '3.1.1' },
        { label: 'Session kept for', value: formatDuration(config.sessionExpirySeconds * 1000) },
        { label: 'New devices', value: config.acceptsNewDevices ? 'register themselves' : 'are refused' },
      ]
    case 'endpoint':
      return [
        { label: 'Address', value: config.url },
        {
          label: 'Model',
          value: [config.modelName, config.modelVersion].filter((part) => part !== null).join(', version '),
        },
        { label: 'Protocol', value: protocolWords[config.protocol] },
        { label: 'Authentication', value: config.auth.kind },
        ...(config.tls
          ? [{ label: 'Own certificate', value: config.tls.certPem === null ? 'none' : 'shown to the server' }]
          : []),
        { label: 'Probed every', value: formatDuration(config.probeEveryMs) },
        { label: 'Patience', value: formatDuration(config.timeoutMs) },
      ]
    case 'prometheus':
      return [
        { label: 'Address', value: config.url },
        { label: 'Device', value: config.deviceKey },
        { label: 'Authentication', value: config.auth.kind },
        { label: 'Scraped every', value: formatDuration(config.everyMs) },
        { label: 'Patience', value: formatDuration(config.timeoutMs) },
        ...config.picks.slice(0, 50).map((pick) => ({ label: `Channel ${pick.channel}`, value: pickWords(pick) })),
      ]
    case 'folder':
      return [
        { label: 'Folder', value: config.path },
        { label: 'Deployment', value: config.deploymentKey },
        { label: 'Its files bring', value: config.what === 'samples' ? 'predictions' : 'labels' },
        { label: 'Looked at every', value: formatDuration(config.everyMs) },
      ]
    case 'ingest':
      return [
        { label: 'Address', value: '/ingest/v1/…' },
        { label: 'Token', value: 'shown once, when it was made' },
        { label: 'New devices', value: config.acceptsNewDevices ? 'register themselves' : 'are refused' },
      ]
    case 'webhook':
      return [
        { label: 'Address', value: config.url },
        { label: 'Signature key', value: secret(config.hmacSecret) },
      ]
    case 'http-action':
      return [
        { label: 'Call', value: `${config.method} ${config.url}` },
        { label: 'Authentication', value: config.auth.kind },
        { label: 'Signature key', value: secret(config.hmacSecret) },
        { label: 'Followed by', value: config.poll === null ? 'nothing: the reply ends it' : config.poll.url },
        { label: 'Patience', value: formatDuration(config.timeoutMs) },
      ]
    case 'command-action':
      return [
        { label: 'Program', value: config.program },
        { label: 'Arguments', value: config.args.join(' ') || 'none' },
        { label: 'Folder', value: config.workingDirectory ?? 'that of the console' },
        { label: 'Patience', value: formatDuration(config.timeoutMs) },
      ]
  }
}
