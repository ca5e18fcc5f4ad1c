import { contextBridge, ipcRenderer } from 'electron'

// A port cannot pass through the bridge, so it is posted to the page, which knows it by the nonce it chose.
// The channel names are those of the contract's shell messages.
contextBridge.exposeInMainWorld('assay', {
  openPort(nonce: unknown, ticket: unknown) {
    ipcRenderer.send('assay:open-port', { nonce: String(nonce), ticket: ticket === null ? null : String(ticket) })
  },
})

ipcRenderer.on('assay:port', (event, message: { nonce: string }) => {
  window.postMessage({ type: 'assay:port', nonce: message.nonce }, '*', [...event.ports])
})
