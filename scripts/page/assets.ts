// What the pages load, by name: styles, fonts and scripts, all from this kit and its packages.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, transform } from 'esbuild'

export type Asset = string | Uint8Array

const styles = [
  'tokens',
  'ground',
  'bar',
  'contents',
  'text',
  'cells',
  'tasks',
  'graph',
  'search',
  'cover',
  'chinese',
  'widths',
  'last',
]

const fonts: Record<string, string[]> = {
  '@fontsource/source-serif-4': [
    'source-serif-4-latin-400-normal',
    'source-serif-4-latin-400-italic',
    'source-serif-4-latin-600-normal',
  ],
  '@fontsource-variable/source-sans-3': ['source-sans-3-latin-wght-normal'],
  '@fontsource-variable/source-code-pro': ['source-code-pro-latin-wght-normal'],
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#1b4f83" stroke-width="2"><style>@media (prefers-color-scheme: dark) { path { stroke: #93c0ea } }</style><path d="M1 14h4.5v-4H10V6h5"/></svg>\n'

let made: Promise<Map<string, Asset>> | undefined

/** All of them, by the names that pages load them by from assets/. Made once. */
export function pageAssets(): Promise<Map<string, Asset>> {
  made ??= makeAssets()
  return made
}

async function makeAssets(): Promise<Map<string, Asset>> {
  return new Map<string, Asset>([
    ['icon.svg', icon],
    ['page.css', await pageStyles()],
    ...fontFiles(),
    ...(await mathematics()),
    ...(await scripts()),
  ])
}

async function pageStyles(): Promise<string> {
  const source = styles.map((name) => readFileSync(join(__dirname, 'styles', `${name}.css`), 'utf8')).join('\n')
  // The newest syntax stays: older forms of it (of light-dark, say) would be four times as long.
  const { code } = await transform(source, { loader: 'css', minifyWhitespace: true })
  return code
}

function folderOf(packageName: string): string {
  return dirname(require.resolve(`${packageName}/package.json`))
}

function fontFiles(): [string, Asset][] {
  return Object.entries(fonts).flatMap(([name, files]) =>
    files.map((file): [string, Asset] => [
      `fonts/${file}.woff2`,
      readFileSync(join(folderOf(name), 'files', `${file}.woff2`)),
    ]),
  )
}

/** KaTeX's own styles, with only the one format of its fonts that every browser reads. */
async function mathematics(): Promise<[string, Asset][]> {
  const folder = join(folderOf('katex'), 'dist')
  const css = readFileSync(join(folder, 'katex.min.css'), 'utf8').replace(
    /,url\([^)]+\) format\("(?:woff|truetype)"\)/g,
    '',
  )
  const files = readdirSync(join(folder, 'fonts')).filter((name) => name.endsWith('.woff2'))
  return [
    ['katex.css', css],
    ...files.map((name): [string, Asset] => [`fonts/${name}`, readFileSync(join(folder, 'fonts', name))]),
  ]
}

const client = join(__dirname, 'client')

async function scripts(): Promise<[string, Asset][]> {
  const [worker] = await bundled({ worker: 'worker' })
  const define = { WORKER: JSON.stringify(Buffer.from(worker![1] as Uint8Array).toString()) }
  return bundled({ theme: 'theme', page: 'page', run: 'runKit', search: 'searchKit' }, define)
}

/** Scripts of client/, each with all that it imports, by the names that pages load them by. */
async function bundled(entryPoints: Record<string, string>, define = {}): Promise<[string, Asset][]> {
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, file]) => [name, join(client, `${file}.ts`)]),
    ),
    outdir: client,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    define,
  })
  return outputFiles.map(({ path, contents }): [string, Asset] => [path.slice(client.length + 1), contents])
}
