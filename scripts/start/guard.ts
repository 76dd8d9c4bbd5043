// Who may speak to the workshop's server: the pages that it serves itself, and nobody else. A page from elsewhere can neither read it nor steer it.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A secret that only our own pages are told. */
export type Token = string

export function newToken(): Token {
  return randomBytes(16).toString('hex')
}

/** The names under which this machine reaches itself, and where GitHub forwards a codespace's port from. Anything else is somebody's trick with DNS. */
export function hostsOf(port: number): string[] {
  const { CODESPACE_NAME, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN } = process.env
  const codespace =
    CODESPACE_NAME && GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN
      ? [`${CODESPACE_NAME}-${port}.${GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN}`]
      : []
  return [`127.0.0.1:${port}`, `localhost:${port}`, ...codespace]
}

/** Why a request is refused; undefined when it is ours. */
export function refusal({ headers, method }: IncomingMessage, port: number, token: Token): string | undefined {
  const hosts = hostsOf(port)
  if (!hosts.includes(headers.host ?? '')) return 'This host is not known here.'
  const { origin } = headers
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`))
    return 'Pages from elsewhere are not answered.'
  if (method === 'GET' || method === 'HEAD') return undefined
  if (method !== 'POST') return 'Only GET and POST are answered.'
  if (!isSame(headers['x-gradus-token'], token))
    return 'This page is from an earlier start of the workshop: load it again.'
  if (headers['content-type'] !== 'application/json') return 'A request is JSON.'
  return undefined
}

function isSame(given: string | string[] | undefined, token: Token): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
