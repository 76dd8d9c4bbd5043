// The workshop's pages on this machine: lessons and the first page, what they load, and their live results. Only what is listed here is served; no path reaches the disk.
import { readFileSync } from 'node:fs'
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { type Course, type Language, languages, Misuse } from '../course'
import { type Asset, contentSecurityPolicy, pageAssets, pageFile } from '../page'
import { Pages } from './events'
import { newToken, refusal, type Token } from './guard'
import { moreTries } from './ports'
import { render, searchAsset } from './rendering'
import { requests } from './requests'
import type { Workshop } from './workshop'

const mostAsked = 10_000

export interface Server {
  port: number
  address: string
  pageOf(stem: string): string
  close(): Promise<void>
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const headers = {
  'content-security-policy': `${contentSecurityPolicy}; frame-ancestors 'none'`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Listens on 127.0.0.1 alone, at `port` or the next one that is free. */
export async function openServer(workshop: Workshop, port: number): Promise<Server> {
  const token = newToken()
  const pages = new Pages(workshop, newToken())
  const http = createServer((request, response) => {
    serve(workshop, pages, token, request, response).catch((error: unknown) => {
      const isMisuse = error instanceof Misuse
      const message = error instanceof Error ? error.message : String(error)
      if (!response.headersSent) send(response, isMisuse ? 400 : 500, '.json', JSON.stringify({ error: message }))
      else response.end()
    })
  })
  const free = await listen(http, port)
  const address = `http://127.0.0.1:${free}/`
  return {
    port: free,
    address,
    pageOf: (stem) => address + pageFile(workshop.language, stem),
    async close() {
      pages.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

async function listen(http: HttpServer, first: number): Promise<number> {
  const last = Math.min(first + moreTries, 65_535)
  for (let port = first; ; port++) {
    try {
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject)
        http.listen(port, '127.0.0.1', () => {
          http.removeListener('error', reject)
          resolve()
        })
      })
      return port
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (port === last || !['EADDRINUSE', 'EACCES'].includes(code ?? '')) throw error
    }
  }
}

async function serve(
  workshop: Workshop,
  pages: Pages,
  token: Token,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { port } = request.socket.address() as { port: number }
  const refused = refusal(request, port, token)
  if (refused !== undefined) return send(response, 403, '.json', JSON.stringify({ error: refused }))
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (request.method === 'POST') {
    const answer = Object.hasOwn(requests, pathname.slice(1)) ? requests[pathname.slice(1)] : undefined
    if (!answer) return send(response, 404, '.json', JSON.stringify({ error: `There is no ${pathname}.` }))
    return send(response, 200, '.json', JSON.stringify(await answer(workshop, await bodyOf(request))))
  }
  if (pathname === '/events') {
    const stem = searchParams.get('stem') ?? ''
    const language = languages.find((each) => each === searchParams.get('lang')) ?? workshop.language
    return pages.add(response, workshop.course.stems.includes(stem) ? stem : undefined, language)
  }
  if (pathname === '/') return redirect(response, `/${pageFile(workshop.language)}`)
  if (pathname.startsWith('/assets/')) return sendAsset(workshop.course, response, pathname.slice('/assets/'.length))
  const page = pageNamed(workshop.course, pathname.slice(1))
  if (!page) return send(response, 404, '.html', '<!doctype html><title>404</title><p><a href="/">Gradus</a>')
  send(response, 200, '.html', render(workshop, page.stem, page.language, token))
}

/** Pages are found among those that there are: an address never becomes a path. */
function pageNamed(course: Course, name: string): { stem: string | undefined; language: Language } | undefined {
  for (const language of languages)
    for (const stem of [undefined, ...course.stems]) if (pageFile(language, stem) === name) return { stem, language }
  return undefined
}

async function sendAsset(course: Course, response: ServerResponse, name: string): Promise<void> {
  const asset = (await liveAssets()).get(name) ?? (await pageAssets()).get(name) ?? searchAsset(course, name)
  if (asset === undefined) return send(response, 404, '.json', JSON.stringify({ error: `There is no ${name}.` }))
  send(response, 200, extname(name), asset)
}

let made: Promise<Map<string, Asset>> | undefined

/** What keeps a page up to date, for the browser. Made once. */
function liveAssets(): Promise<Map<string, Asset>> {
  made ??= makeLiveAssets()
  return made
}

async function makeLiveAssets(): Promise<Map<string, Asset>> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'client', 'live.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
  })
  return new Map<string, Asset>([
    ['live.js', outputFiles[0]?.text ?? ''],
    ['live.css', readFileSync(join(__dirname, 'live.css'), 'utf8')],
  ])
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > mostAsked) throw new Misuse('The request is too long.')
  }
  try {
    const asked: unknown = JSON.parse(text)
    if (typeof asked === 'object' && asked !== null) return asked as Record<string, unknown>
  } catch {}
  throw new Misuse('A request is a JSON object.')
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { ...headers, location }).end()
}

function send(response: ServerResponse, status: number, kind: string, body: Asset): void {
  // Fonts never change while the workshop is open; all else may, when the kit is being worked on.
  const cache = kind === '.woff2' ? 'private, max-age=86400' : 'no-store'
  response.writeHead(status, {
    ...headers,
    'content-type': types[kind] ?? 'application/octet-stream',
    'cache-control': cache,
  })
  response.end(body)
}
