import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TestCertificates {
  readonly caPem: string
  readonly server: { readonly certPem: string; readonly keyPem: string }
  /** Signed by the same authority; its common name is `console`. */
  readonly client: { readonly certPem: string; readonly keyPem: string }
}

/** Makes an authority, and certificates for localhost and for a client signed by it, as files in the folder: ca, server, client. */
export function makeCertificates(folder: string): TestCertificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  writeFileSync(join(folder, 'san.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=Test authority')
  const sign = (name: string, subject: string, ...more: string[]) => {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`)
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${name}.crt`, '-days', '2', ...more],
    )
    return { certPem: read(`${name}.crt`), keyPem: read(`${name}.key`) }
  }
  const server = sign('server', 'localhost', '-extfile', 'san.cnf')
  const client = sign('client', 'console')
  return { caPem: read('ca.crt'), server, client }
}
