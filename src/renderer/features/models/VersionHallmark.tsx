import { useState } from 'react'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Hallmark } from '../../widgets/Hallmark.tsx'
import { CertificateDialog } from './CertificateDialog.tsx'

export type VersionHallmarkProps = { modelId: string; versionName: string }

/** The mark of a certified version; a click shows its certificate. */
export function VersionHallmark({ modelId, versionName }: VersionHallmarkProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Hallmark label="certified" detail={`${versionName} is certified`} onShowProof={() => setIsOpen(true)} />
      {isOpen && <ReleaseOfVersion modelId={modelId} versionName={versionName} onClose={() => setIsOpen(false)} />}
    </>
  )
}

/** Finds the release whose certificate it is: the newest that was certified. */
function ReleaseOfVersion({ modelId, versionName, onClose }: VersionHallmarkProps & { onClose: () => void }) {
  const releases = useQueryMethod('releases.list', { modelId }, { follows: { records: ['release'] } })
  const release = releases.data
    ?.filter((each) => each.versionName === versionName && each.record.certificateId !== null)
    .sort((left, right) => right.record.createdAt - left.record.createdAt)
    .at(0)
  return (
    <CertificateDialog
      title={`Certificate of ${versionName}`}
      releaseId={release?.record.id ?? null}
      isSearching={releases.data === undefined && releases.error === null}
      problem={releases.error?.message ?? null}
      onClose={onClose}
    />
  )
}
