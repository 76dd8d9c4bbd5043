// What the processes that run suites have compiled, kept from one to the next.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder } from './check/tinyCourse'
import { kitRoot } from './course'

const folder = emptyFolder()
const file = join(folder, 'compiled')
const [program, helper] = ['program.ts', 'helper.ts'].map((name) => join(folder, name)) as [string, string]

/** Runs the program in a process that keeps what it has compiled; answers with what it printed, and whether anything was new. */
function run(): [printed: string, news: string] {
  const script = `
    const { loaderIn, hasNew, loaded } = require('./scripts/modules')
    const { transform } = require('./scripts/load')
    loaderIn(${JSON.stringify(program)}, ${JSON.stringify(file)}, transform)(${JSON.stringify(program)})
    console.log(hasNew())
    require('node:fs').writeFileSync(${JSON.stringify(file)}, loaded({ dated: true }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: kitRoot, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim().split('\n') as [string, string]
}

beforeEach(() => {
  rmSync(file, { force: true })
  writeFileSync(program, "import { said } from './helper'\nconsole.log(said as string)\n")
  writeFileSync(helper, "export const said: string = 'one'\n")
})

test('what one process has compiled, the next one need not', () => {
  expect(run()).toEqual(['one', 'true'])
  expect(existsSync(file)).toBe(true)
  expect(run()).toEqual(['one', 'false'])
})

test('a file that has changed is read anew, were it as long as before', () => {
  run()
  writeFileSync(helper, "export const said: string = 'two'\n")
  expect(run()).toEqual(['two', 'true'])
  expect(run()).toEqual(['two', 'false'])
})

test('a module that is gone is looked for again', () => {
  run()
  rmSync(helper)
  writeFileSync(join(folder, 'helper.js'), "exports.said = 'from JavaScript'\n")
  expect(run()).toEqual(['from JavaScript', 'true'])
  rmSync(join(folder, 'helper.js'))
})

test('a file that is not whole is no hindrance', () => {
  run()
  writeFileSync(file, 'half of it')
  expect(run()).toEqual(['one', 'true'])
  expect(run()).toEqual(['one', 'false'])
})
