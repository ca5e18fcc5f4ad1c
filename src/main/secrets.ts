import type { SafeStorage } from 'electron'

type Storage = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'> & {
  /** Linux alone. */
  getSelectedStorageBackend?: SafeStorage['getSelectedStorageBackend']
}

const unprotected =
  'This desktop has no keyring, so secrets would be stored without protection. Install and unlock GNOME Keyring or ' +
  'KWallet and start again, or start the console with --headless, which keeps secrets in a key file of its own.'

/** Encrypts or decrypts for the service with the operating system's key. Rejects with a sentence when there is none. */
export async function cryptWithSafeStorage(
  storage: Storage,
  platform: NodeJS.Platform,
  operation: 'encrypt' | 'decrypt',
  value: string,
): Promise<string> {
  if (!(await storage.isAsyncEncryptionAvailable())) throw new Error(unprotected)
  // Encrypted with a password that everybody knows.
  if (platform === 'linux' && storage.getSelectedStorageBackend?.() === 'basic_text') throw new Error(unprotected)
  if (operation === 'encrypt') return (await storage.encryptStringAsync(value)).toString('base64')
  return (await storage.decryptStringAsync(Buffer.from(value, 'base64'))).result
}
