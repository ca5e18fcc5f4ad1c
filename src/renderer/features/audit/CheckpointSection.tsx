import type { Checkpoint } from '../../../contract/audit.ts'
import { useNow } from '../../data/use-now.ts'
import { Digest } from '../../widgets/Digest.tsx'
import { formatCount } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { CodeBlock } from '../shared/CodeBlock.tsx'
import { Disclosure } from '../shared/Disclosure.tsx'

/** The newest signed commitment to the whole log. */
export function CheckpointSection({ checkpoint }: { checkpoint: Checkpoint }) {
  const nowAt = useNow()
  return (
    <Section
      title="Newest checkpoint"
      note="Keep a copy elsewhere: a later log can then be proved to extend this one, or not."
    >
      <KeyValue
        items={[
          { label: 'Entries', value: formatCount(checkpoint.size) },
          { label: 'Signed', value: <Time at={checkpoint.at} nowAt={nowAt} withSeconds /> },
          { label: 'Root hash', value: <Digest digest={checkpoint.rootHash} label="root hash" /> },
        ]}
      />
      <Disclosure summary="As public tools read it (signed note)">
        <CodeBlock text={checkpoint.note} label="signed checkpoint" />
      </Disclosure>
    </Section>
  )
}
