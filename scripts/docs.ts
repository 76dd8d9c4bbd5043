// npm run docs: the engine's documentation as pages, made from its docstrings.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { command, exitCodes, run } from './cli'
import { kitRoot, Misuse } from './course'

const program = command(
  'npm run docs --',
  'Writes the documentation of the engine into a folder, made from its docstrings, with a link to PyTorch for every name that PyTorch has too.',
).argument('<folder>', 'where to; a new or empty folder, or one that this command made')

run(program, ([folder]) => {
  const out = resolve(folder!)
  refuseOthersWork(out)
  const typedoc = join(dirname(require.resolve('typedoc/package.json')), 'bin', 'typedoc')
  const { status } = spawnSync(
    process.execPath,
    [typedoc, '--options', join(__dirname, 'docs', 'typedoc.json'), '--out', out],
    {
      cwd: kitRoot,
      stdio: 'inherit',
    },
  )
  if (status !== 0) return exitCodes.misuse
  console.log(`Open ${join(out, 'index.html')} in a browser.`)
  return exitCodes.right
})

/** The folder is emptied first, so it must not hold anything else. */
function refuseOthersWork(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0 || existsSync(join(folder, 'assets', 'navigation.js')))
    return
  throw new Misuse(`${folder} holds something else. Name a new folder.`)
}
