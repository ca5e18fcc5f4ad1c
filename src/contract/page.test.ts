import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy, mediaTypeOf, pageFileOf } from './page.ts'

describe('the files of the page', () => {
  it.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/assets/index-Bq1_x-.js', 'assets/index-Bq1_x-.js'],
  ])('%j is %j', (path, file) => expect(pageFileOf(path)).toBe(file))

  it.each([
    '/..',
    '/../secrets.key',
    '/assets/../../x.js',
    '/%2e%2e/x.js',
    '/%2E%2E%2Fx.js',
    '/assets/%2e%2e%2f%2e%2e%2fx.js',
    '/%252e%252e/x.js',
    '/..%5cx.js',
    '/a\\..\\x.js',
    '//etc/passwd',
    '/%2fetc/passwd',
    '/C:/x.js',
    '/.env',
    '/a/.git/config',
    '/a//b.js',
    '/a/',
    '/x.js%00.png',
    '/%zz',
    'x.js',
    '',
  ])('%j leads nowhere', (path) => expect(pageFileOf(path)).toBeNull())

  it('knows the media types of a page and no other', () => {
    expect(mediaTypeOf('assets/a.woff2')).toBe('font/woff2')
    expect(mediaTypeOf('assets/a.js.map')).toBeNull()
    expect(mediaTypeOf('constructor')).toBeNull()
  })

  it('allows nothing inline but the empty style sheet', () => {
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/)
    expect(contentSecurityPolicy).toContain(`'sha256-${createHash('sha256').update('').digest('base64')}'`)
  })
})
