// Programs that the tests drive and that no npm package carries.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

interface Requirement {
  readonly name: string
  readonly paths: readonly string[]
  readonly debianPackages: readonly string[]
  readonly why: string
}

export const requirements: readonly Requirement[] = [
  {
    name: 'Chromium',
    paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/homebrew/bin/chromium'],
    debianPackages: ['chromium', 'fonts-liberation'],
    why: 'end-to-end tests drive the console in it',
  },
  {
    name: 'mosquitto',
    paths: ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'],
    debianPackages: ['mosquitto'],
    why: 'it is the real broker of the collection tests',
  },
  {
    name: 'OpenSSL',
    paths: ['/usr/bin/openssl', '/opt/homebrew/bin/openssl'],
    debianPackages: ['openssl'],
    why: 'it makes certificates for the broker, and checks signatures beside our own code',
  },
]

const isPresent = ({ paths }: Requirement) => paths.some((path) => existsSync(path))

/**
 * Installs what is missing where this may be done (Debian, as root); returns a sentence for each program that is missing
 * still.
 */
export function provideRequirements(): string[] {
  const missing = requirements.filter((requirement) => !isPresent(requirement))
  const mayInstall = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (missing.length > 0 && mayInstall) {
    const packages = missing.flatMap(({ debianPackages }) => debianPackages)
    console.log(`Installing ${packages.join(', ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
    apt('-qq', 'update')
    apt('-qq', 'install', '-y', '--no-install-recommends', ...packages)
  }
  return missing
    .filter((requirement) => !isPresent(requirement))
    .map(({ name, why, debianPackages }) => {
      const how = process.platform === 'linux' ? `, e.g. \`apt-get install ${debianPackages.join(' ')}\`` : ''
      return `${name} is not installed: ${why}. Install it${how}.`
    })
}
