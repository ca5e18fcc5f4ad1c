import Box from '@mui/material/Box'
import { Section } from '../../../widgets/Section.tsx'
import { CodeBlock } from '../../shared/CodeBlock.tsx'
import { Disclosure } from '../../shared/Disclosure.tsx'
import { asJson, loggerExample, otlpExample, pushExample, wireExamples } from './wire-examples.ts'

/** Topics and addresses with an example of each message, ready to be copied. `prefix` is the broker's, null for all. */
export function WireGuide({ prefix }: { prefix: string | null }) {
  const topic = (path: string) => `${prefix ?? '<prefix>'}/${path}`
  return (
    <Section
      title="How to send"
      note="One JSON object or an array of them. QoS 1 is acknowledged only when it is durable; the same id again changes nothing."
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: { lg: 'repeat(3, minmax(0, 1fr))' }, gap: 2, pt: 1 }}>
        {wireExamples.map(({ kind, title, path, example }) => (
          <Box
            key={kind}
            sx={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 1, alignContent: 'start', minWidth: 0 }}
          >
            <Box sx={{ typography: 'body2', fontWeight: 600 }}>{title}</Box>
            <CodeBlock text={topic(path)} label={`topic of ${kind}`} />
            <CodeBlock text={asJson(example)} label={`example of ${kind}`} />
          </Box>
        ))}
      </Box>
      <Disclosure summary="The same over HTTP, with a push token">
        <CodeBlock text={pushExample(window.location.origin, '<token>')} label="example call" />
      </Disclosure>
      <Disclosure summary="From an inference logger (CloudEvents, as KServe sends them)">
        <CodeBlock text={loggerExample(window.location.origin, '<token>')} label="address of the logger" />
      </Disclosure>
      <Disclosure summary="Metrics by OpenTelemetry, to channels of devices">
        <CodeBlock text={otlpExample(window.location.origin, '<token>')} label="settings of the exporter" />
      </Disclosure>
    </Section>
  )
}
