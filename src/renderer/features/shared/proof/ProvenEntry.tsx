import { useState } from 'react'
import { formatCount } from '../../../widgets/format.ts'
import { Hallmark } from '../../../widgets/Hallmark.tsx'
import { ProofDialog } from './ProofDialog.tsx'

/** The hallmark of an entry in the log; a click shows its proof. */
export function ProvenEntry({ index }: { index: number }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Hallmark label={`log entry ${formatCount(index)}`} onShowProof={() => setIsOpen(true)} />
      {isOpen && <ProofDialog index={index} onClose={() => setIsOpen(false)} />}
    </>
  )
}
