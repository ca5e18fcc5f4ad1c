import Autocomplete, { createFilterOptions } from '@mui/material/Autocomplete'
import Box from '@mui/material/Box'
import Dialog from '@mui/material/Dialog'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import { useEffect, useId } from 'react'
import { type Command, useCommands } from './commands.tsx'

const filterCommands = createFilterOptions<Command>({
  stringify: (command) => `${command.title} ${command.group} ${command.keywords ?? ''}`,
})

export type CommandPaletteProps = { open: boolean; onOpen: () => void; onClose: () => void }

/** Every page and action by name, under Ctrl+K or Cmd+K. */
export function CommandPalette({ open, onOpen, onClose }: CommandPaletteProps) {
  const commands = useCommands()
  const titleId = useId()
  useEffect(() => {
    const openOnShortcut = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      onOpen()
    }
    window.addEventListener('keydown', openOnShortcut)
    return () => window.removeEventListener('keydown', openOnShortcut)
  }, [onOpen])

  const grouped = [...commands].sort((left, right) => left.group.localeCompare(right.group))
  return (
    <Dialog
      open={open}
      onClose={onClose}
      fullWidth
      maxWidth="sm"
      aria-labelledby={titleId}
      sx={{ '& .MuiDialog-container': { alignItems: 'flex-start', pt: '10vh' } }}
    >
      <DialogTitle id={titleId} sx={{ position: 'absolute', left: -9999 }}>
        Commands
      </DialogTitle>
      <Autocomplete
        options={grouped}
        filterOptions={filterCommands}
        getOptionLabel={(command) => command.title}
        getOptionKey={(command) => command.id}
        autoHighlight
        openOnFocus
        open
        disablePortal
        forcePopupIcon={false}
        noOptionsText="No such page or action"
        value={null}
        onChange={(_, command) => {
          if (command === null) return
          onClose()
          command.run()
        }}
        onClose={(_, reason) => {
          if (reason === 'escape') onClose()
        }}
        renderOption={({ key, ...props }, command) => (
          <Box component="li" key={key} {...props}>
            <Box component="span" sx={{ flex: 1 }}>
              {command.title}
            </Box>
            <Box component="span" sx={{ typography: 'caption', color: 'text.secondary' }}>
              {command.group}
            </Box>
          </Box>
        )}
        renderInput={(params) => (
          <Box sx={{ p: 1.5 }}>
            <TextField {...params} autoFocus fullWidth placeholder="Go to a page, or do something" label="Command" />
          </Box>
        )}
        slots={{ popper: InPlace }}
        slotProps={{
          listbox: { sx: { maxHeight: '50vh' } },
          paper: { variant: 'outlined', sx: { border: 0, borderTop: 1, borderColor: 'divider', borderRadius: 0 } },
        }}
      />
    </Dialog>
  )
}

/** The list belongs to the dialog's own flow, not to a floating layer. */
function InPlace({ children }: { children?: unknown }) {
  const content = typeof children === 'function' ? children({ placement: 'bottom' }) : children
  return <Box>{content}</Box>
}
