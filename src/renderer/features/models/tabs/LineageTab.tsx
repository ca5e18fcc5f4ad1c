import Box from '@mui/material/Box'
import { useState } from 'react'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { CreateDeploymentDialog } from '../dialogs/CreateDeploymentDialog.tsx'
import { ImportDialog } from '../dialogs/ImportDialog.tsx'
import { RegisterVersionDialog } from '../dialogs/RegisterVersionDialog.tsx'
import { DatasetTable } from '../lineage/DatasetTable.tsx'
import { DeploymentTable } from '../lineage/DeploymentTable.tsx'
import { VersionDetail } from '../lineage/VersionDetail.tsx'
import { VersionTable } from '../lineage/VersionTable.tsx'
import { useModelView } from '../model-view.ts'

type Asked = 'version' | 'deployment' | 'import' | null

/** Where the versions came from, where they ran and when, and what they were measured on. */
export function LineageTab() {
  const { versions, answer } = useModelView()
  const [versionId, setVersionId] = useSearchValue('version')
  const [asked, setAsked] = useState<Asked>(null)
  const selected = answer.versions.find(({ record }) => record.id === versionId) ?? null
  const close = () => setAsked(null)
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'flex-end' }}>
        <GuardedButton method="imports.dataset" variant="outlined" onClick={() => setAsked('import')}>
          Import a file
        </GuardedButton>
        <GuardedButton method="versions.register" variant="outlined" onClick={() => setAsked('version')}>
          Register a version
        </GuardedButton>
        <GuardedButton
          method="deployments.create"
          variant="outlined"
          whyNot={versions.length === 0 ? 'Register a version first' : null}
          onClick={() => setAsked('deployment')}
        >
          New deployment
        </GuardedButton>
      </Box>
      <VersionTable
        selectedId={selected?.record.id ?? null}
        onSelect={setVersionId}
        onRegister={() => setAsked('version')}
      />
      {selected !== null && <VersionDetail key={selected.record.id} version={selected} />}
      <DeploymentTable />
      <DatasetTable onImport={() => setAsked('import')} />
      {asked === 'version' && <RegisterVersionDialog onClose={close} onRegistered={setVersionId} />}
      {asked === 'deployment' && <CreateDeploymentDialog onClose={close} />}
      {asked === 'import' && <ImportDialog onClose={close} />}
    </>
  )
}
