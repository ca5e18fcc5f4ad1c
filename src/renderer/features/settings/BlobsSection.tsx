import Box from '@mui/material/Box'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { defaultBlobQuota } from '../../../contract/workspace.ts'
import { formatBytes, formatCount } from '../../widgets/format.ts'
import { NumberField } from '../shared/NumberField.tsx'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const mebibyte = 2 ** 20
const partOf = ({ blobs }: SettingsSectionProps['source']['record']) => blobs ?? { quotaBytes: defaultBlobQuota }

export type BlobsSectionProps = SettingsSectionProps & { usage: OutputOf<'settings.get'>['blobs'] }

/** How much room the pictures, recordings, texts and embeddings of samples may take, and how much they do. */
export function BlobsSection({ usage, ...props }: BlobsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  const labelId = useId()
  const { quotaBytes } = edit.draft
  const inForce = partOf(props.source.record).quotaBytes
  return (
    <SettingsForm
      {...props}
      title="Files of samples"
      note="Where there is no room the oldest go, those of reviewed samples last; samples and what was measured stay."
      edit={edit}
      partOf={partOf}
      toChanges={(blobs) => ({ blobs })}
      obstacle={quotaBytes < mebibyte ? 'At least 1 MiB is needed' : null}
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        <NumberField
          label="Room for pictures, recordings, texts and embeddings"
          unit="MiB"
          value={quotaBytes < 0 ? null : quotaBytes / mebibyte}
          onChange={(value) => edit.change({ quotaBytes: value === null ? -1 : Math.round(value * mebibyte) })}
        />
        <Box>
          <LinearProgress
            variant="determinate"
            value={Math.min(100, (100 * usage.bytes) / inForce)}
            aria-labelledby={labelId}
          />
          <Typography variant="body2" id={labelId} sx={{ pt: 0.5 }}>
            {`${formatBytes(usage.bytes)} of ${formatBytes(inForce)} in ${formatCount(usage.files)} files, ${formatBytes(usage.reviewedBytes)} of reviewed samples`}
          </Typography>
          {usage.removed > 0 && (
            <Typography variant="body2" color="textSecondary">
              {`${formatCount(usage.removed)} files were removed or not kept for want of room`}
            </Typography>
          )}
        </Box>
      </Box>
    </SettingsForm>
  )
}
