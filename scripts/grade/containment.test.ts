// What can be read, written, reached and started from where submissions are graded, by a program that has escaped from its sandbox and is nobody's guest any
// more: the suites run there, so that one of them plays that program.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { emptyFolder, tinyCourse } from '../check/tinyCourse'
import { kitRoot, openCourse } from '../course'
import { Compiler } from './compile'
import { bestContainment, type Containment, walls } from './contain'
import { type Prepared, prepare } from './declared'
import { readSubmission } from './intake'
import { gradeSubmission } from './submission'

jest.setTimeout(240_000)

const secret = 'environment-that-nobody-sees'
const submissions = emptyFolder()
const others = join(submissions, 'ben', '01-twice.ts')
const socket = join(emptyFolder(), 'socket')
const mark = `mark-${process.pid}`
const servers: Server[] = []
let port = 0
let visitors = 0

/** By what is tried: `refused`, or what was got. */
type Told = Record<string, string>

interface Targets {
  reads: string[]
  folders: string[]
  writes: string[]
  connects: (number | string)[]
  parent: number
}

/** As JavaScript, to run anywhere: tries everything, and answers with what came of it. */
async function probe({ reads, folders, writes, connects, parent }: Targets, secret: string): Promise<Told> {
  const [fs, net, programs] = [require('node:fs'), require('node:net'), require('node:child_process')]
  const told: Told = {}
  const attempt = (what: string, action: () => unknown) => {
    try {
      told[what] = `got ${String(action()).slice(0, 60)}`
    } catch (error) {
      told[what] = `refused: ${(error as NodeJS.ErrnoException).code ?? error}`
    }
  }
  for (const path of reads) attempt(`read ${path}`, () => fs.readFileSync(path, 'utf8'))
  for (const path of folders) attempt(`list ${path}`, () => fs.readdirSync(path))
  for (const path of writes) attempt(`write ${path}`, () => fs.appendFileSync(path, 'written'))
  const started = (file: string, ...words: string[]) => {
    const { error, status } = programs.spawnSync(file, words)
    if (error) throw error
    return status
  }
  attempt('start a shell', () => started('/bin/sh', '-c', 'true'))
  attempt('start Node', () => started(process.execPath, '-e', '0'))
  attempt('signal the grader', () => process.kill(parent, 0))
  const environments = () => {
    const ids = fs.existsSync('/proc') ? fs.readdirSync('/proc').filter((name: string) => /^\d+$/.test(name)) : []
    return ids.map((id: string) => {
      try {
        return fs.readFileSync(`/proc/${id}/environ`, 'utf8')
      } catch {
        return '' // somebody else's, or gone
      }
    })
  }
  attempt('find the secret', () => {
    const found = [JSON.stringify(process.env), ...environments()].some((text) => text.includes(secret))
    if (!found) throw new Error('nowhere')
  })
  told.environment = Object.keys(process.env).sort().join()
  for (const to of connects) {
    told[`connect to ${to}`] = await new Promise((resolve) => {
      const socket = net.connect(to, () => {
        socket.destroy()
        resolve('got through')
      })
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(`refused: ${error.code}`))
      socket.setTimeout(3000, () => resolve('refused: timeout'))
    })
  }
  return told
}

const stem = '01-twice'
const suite = () => `
test('probe', async () => {
  const probe = ${probe}
  console.log('TOLD' + JSON.stringify(await probe(${JSON.stringify(targets())}, '${secret}')) + 'END')
})
`
const course = tinyCourse({ [stem]: {} })

function targets(): Targets {
  const { solution, suite } = course.files(stem)
  const places = [kitRoot, join(kitRoot, 'engine'), homedir(), tmpdir(), submissions, course.root, '/', '/dev/shm']
  return {
    reads: ['/etc/passwd', '/etc/hostname', solution, others, join(kitRoot, 'solutions/03-zero-grad.ts')],
    folders: [
      homedir(),
      '/home',
      join(kitRoot, 'solutions'),
      join(kitRoot, 'lessons'),
      submissions,
      join(course.root, 'solutions'),
    ],
    writes: [
      ...[...places, dirname(prepared.cache)].map((place) => join(place, mark)),
      ...[suite, join(kitRoot, 'engine/index.ts'), prepared.cache, prepared.compiler],
    ],
    connects: [port, socket],
    parent: process.pid,
  }
}

let prepared: Prepared
const before = new Map<string, string>()
beforeAll(async () => {
  for (const where of [0, socket]) {
    const server = createServer(() => visitors++)
    servers.push(server)
    await new Promise<void>((done) => server.listen(where, done))
  }
  port = ((servers[0] as Server).address() as AddressInfo).port
  mkdirSync(join(submissions, 'ana'))
  mkdirSync(join(submissions, 'ben'))
  for (const student of ['ana', 'ben']) writeFileSync(join(submissions, student, '01-twice.ts'), '// mine\n')
  prepared = { ...(await prepare(openCourse(kitRoot))), declared: { [stem]: [{ task: '', title: 'probe' }] } }
  writeFileSync(course.files(stem).suite, suite())
  for (const path of targets().writes.filter(existsSync)) before.set(path, readFileSync(path, 'utf8'))
})
afterAll(() => {
  for (const server of servers) server.close()
})

/** What the suite was told while a submission was graded as any other is. */
async function toldWhenGraded(containment: Containment): Promise<Told> {
  process.env.GRADUS_TEST_SECRET = secret
  process.env.GRADUS_CONTAINMENT = containment
  const compiler = new Compiler(prepared.compiler)
  try {
    const handed = readSubmission(course, join(submissions, 'ana'))
    const { lessons } = await gradeSubmission(course, handed, { stems: [stem], prepared, compiler })
    const [, told = ''] = /TOLD(.*)END/s.exec(lessons[0]?.output ?? '') ?? []
    return told ? JSON.parse(told) : { nothing: JSON.stringify(lessons) }
  } finally {
    compiler.end()
    delete process.env.GRADUS_TEST_SECRET
    delete process.env.GRADUS_CONTAINMENT
  }
}

/** What must be seen of a folder where Node, the kit or the suite stand somewhere below it: the way there. */
function wayThrough(folder: string): string {
  const seen = [kitRoot, process.execPath, course.files(stem).suite]
  const below = seen.filter((path) => path.startsWith(join(folder, sep)))
  return [...new Set(below.map((path) => relative(folder, path).split(sep)[0]))].sort().join()
}

const granted = (told: Told, ...but: string[]) =>
  Object.entries(told).filter(
    ([what, answer]) =>
      !answer.startsWith('refused') &&
      !but.some((each) => what.startsWith(each)) &&
      answer !== `got ${wayThrough(what.replace('list ', ''))}`,
  )

/** What was not there before, or is not as it was. */
const changed = () =>
  targets().writes.filter((path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined) !== before.get(path))

if (bestContainment() === 'bubblewrap') {
  test('behind bubblewrap nothing of the grader’s is read, written, reached, signalled or started', async () => {
    const told = await toldWhenGraded('bubblewrap')
    expect(granted(told, 'environment')).toEqual([])
    expect(Object.keys(told).length).toBeGreaterThan(25)
    expect(told.environment).toMatch(/^GRADUS_CACHE,GRADUS_GRADING,(\w+_\w+,)*NO_COLOR,PATH,(PWD,)?TZ$/)
    expect([changed(), visitors]).toEqual([[], 0])
  })

  test('bubblewrap alone holds, should Node’s own walls fail: only Node itself can be started, as walled in as before', () => {
    const { suite } = course.files(stem)
    const code = `(${probe})(${JSON.stringify(targets())}, '${secret}').then((told) => console.log(JSON.stringify(told)))`
    const words = [...walls({ seen: [suite] }), process.execPath, '-e', code]
    const { stdout } = spawnSync('bwrap', words, { cwd: kitRoot, env: { PATH: process.env.PATH }, encoding: 'utf8' })
    const told = JSON.parse(stdout) as Told
    expect(granted(told, 'environment', 'start Node')).toEqual([])
    expect([changed(), visitors]).toEqual([[], 0])
  })
} else {
  test('bubblewrap is not here, may not make namespaces, or was not asked for: what it keeps out is not tried', () => {
    const works = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', 'true']).status === 0
    expect(works && process.env.GRADUS_CONTAINMENT !== 'process').toBe(false) // where it works, so must the walls
  })
}

test('without bubblewrap there is still no environment, nothing is written, and no program is started', async () => {
  const told = await toldWhenGraded('process')
  expect(granted(told, 'read', 'list', 'connect', 'find', 'signal', 'environment')).toEqual([])
  expect(told.environment).toMatch(/^GRADUS_CACHE,GRADUS_GRADING,(\w+_\w+,)*NO_COLOR,(PATH|SystemRoot),TZ$/)
  expect(changed()).toEqual([])
})

test('where nothing is walled in, the same program has it all', async () => {
  process.env.GRADUS_TEST_SECRET = secret
  const told = await probe({ ...targets(), writes: [], reads: [others], folders: [submissions] }, secret)
  delete process.env.GRADUS_TEST_SECRET
  const all = [`read ${others}`, `list ${submissions}`, 'start Node', 'signal the grader', 'find the secret']
  const missing = [...all, ...targets().connects.map((to) => `connect to ${to}`)].filter(
    (what) => !told[what]?.startsWith('got'),
  )
  expect(missing).toEqual([])
})
