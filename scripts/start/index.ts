// npm start: the workshop. Grades on each save, in the terminal and on a page beside it, until the learner leaves.
import { command, exitCodes, run } from '../cli'
import { findLesson, Misuse, needLessons, openCourse } from '../course'
import { chooseLanguage } from '../language'
import { firstUnfinished } from '../standing'
import { LiveView } from './liveView'
import { hasBrowser, openBrowser } from './open'
import { PlainView } from './plainView'
import { defaultPort } from './ports'
import type { Server } from './server'
import { ExerciseWatcher, isForeignDrive } from './watch'
import { wordsOf } from './words'
import { Workshop } from './workshop'

const program = command(
  'npm start --',
  'Opens the workshop: grades what you write in exercises/ each time you save, here and on a page with the lessons.',
)
  .argument('[lesson]', 'where to begin; without it, the first lesson that is not finished')
  .option('--no-open', 'do not open a browser')
  .option('--no-page', 'only the terminal')
  .option('--port <port>', 'the port of the page; when it is taken, the next free one', String(defaultPort))
  .option('--poll', 'look at the files in intervals, where changes are not reported (network drives, WSL)')
  .option('--lang <language>', 'en or zh')

interface Options {
  open: boolean
  page: boolean
  port: string
  poll?: boolean
  lang?: string
}

run(program, async ([lesson]) => {
  const options = program.opts<Options>()
  const course = openCourse()
  needLessons(course)
  const port = portOf(options.port)
  const language = chooseLanguage(options.lang)
  process.env.GRADUS_LANG = language // for what else is printed here
  const words = wordsOf(language)
  const stem = lesson === undefined ? firstUnfinished(course) : findLesson(course, lesson)

  const workshop = new Workshop(course, language, stem)
  const watcher = new ExerciseWatcher(course, options.poll || isForeignDrive(course.root))
  let server: Server | undefined
  const show = () => openBrowser(server?.pageOf(workshop.stem) ?? '', (why) => view.say(why), words)

  const isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY)
  const view = isTerminal ? new LiveView(workshop, show) : new PlainView(workshop)
  view.open()
  watcher.on('saved', (stem) => workshop.saved(stem))
  watcher.on('text', (stem) => workshop.emit('text', stem))
  watcher.on('folder', (there) => view.say(there ? words.folderBack : words.folderGone))
  watcher.on('polling', () => view.say(words.polling))

  const begun = workshop.begin().then(() => view.warm())
  const served = !options.page
    ? undefined
    : serve(workshop, port, (note) => view.say(note)).then((opened) => {
        server = opened
        if (!server) return
        view.showPage(server.address)
        if (options.open && isTerminal && hasBrowser()) void show()
      })
  await Promise.race([view.left, Promise.all([begun, served]).then(() => view.left)])

  await Promise.all([server?.close(), watcher.close(), workshop.close()])
  const outcome = workshop.standing(workshop.stem).outcome
  if (outcome) console.log(words.bye(workshop.stem, outcome.score, outcome.max_score))
  process.exit(exitCodes.right) // whatever is still being got ready need not be waited for
})

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Misuse(`--port takes a whole number from 1 to 65535, not ${text}.`)
  return port
}

/** Without a page there is still the terminal, which need not wait for all that makes pages to be loaded. */
async function serve(workshop: Workshop, port: number, say: (note: string) => void): Promise<Server | undefined> {
  const words = wordsOf(workshop.language)
  try {
    await new Promise((resolve) => setImmediate(resolve)) // until the terminal is drawn
    const { openServer } = require('./server') as typeof import('./server')
    const server = await openServer(workshop, port)
    if (server.port !== port) say(words.portTaken(port, server.port))
    return server
  } catch (error) {
    say(words.noServer((error as Error).message))
    return undefined
  }
}
