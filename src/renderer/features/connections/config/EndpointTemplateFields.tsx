import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { JsonTemplate } from '../../../../contract/endpoint.ts'

export type EndpointTemplateFieldsProps = {
  template: JsonTemplate
  problems: ReadonlyMap<string, string>
  onChange: (template: JsonTemplate) => void
}

/** How a service that speaks JSON of its own is asked, and where its answer is. */
export function EndpointTemplateFields({ template, problems, onChange }: EndpointTemplateFieldsProps) {
  const set = (changes: Partial<JsonTemplate>) => onChange({ ...template, ...changes })
  const orNull = (text: string) => (text === '' ? null : text)
  return (
    <>
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Path of a prediction"
          value={template.path}
          onChange={(event) => set({ path: event.target.value })}
          error={problems.has('template.path')}
          helperText="Behind the base address, such as /score"
          required
        />
        <TextField
          label="Path that answers 200 when it is ready"
          value={template.readyPath ?? ''}
          onChange={(event) => set({ readyPath: orNull(event.target.value) })}
          error={problems.has('template.readyPath')}
          helperText="Empty: any answer of the base address will do"
        />
      </Box>
      <TextField
        label="Body of the request"
        value={template.body}
        onChange={(event) => set({ body: event.target.value })}
        multiline
        minRows={3}
        maxRows={12}
        slotProps={{ htmlInput: { style: { fontFamily: 'monospace' }, spellCheck: false } }}
        helperText="JSON. {{rows}}: objects by column. {{values}}: lists in the order of {{columns}}. {{row}} or {{row.<column>}}: a request for each row. Also {{modelName}}, {{modelVersion}}"
        required
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Where the predictions are in the reply"
          value={template.outputPath}
          onChange={(event) => set({ outputPath: event.target.value })}
          helperText="Dots go deeper, * means every element: results.*.label. Empty: the reply itself"
        />
        <TextField
          label="Where the scores are (empty: nowhere)"
          value={template.scoresPath ?? ''}
          onChange={(event) => set({ scoresPath: orNull(event.target.value) })}
          helperText="For each row, numbers by class or in the order of the classes"
        />
      </Box>
    </>
  )
}
