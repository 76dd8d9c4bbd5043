// What the page may ask for: the exercise in the learner's editor, the solution, another grading, the stub.
import type { PageWords } from '../pageWords'

const token = document.querySelector<HTMLMetaElement>('meta[name="gradus-token"]')?.content ?? ''
const base = document.documentElement.dataset.root ?? ''

/** Answers with what the workshop said; undefined when it could not be asked, which the page says elsewhere. */
async function ask(what: string, asked: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(base + what, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gradus-token': token },
      body: JSON.stringify(asked),
    })
    return (await response.json()) as Record<string, unknown>
  } catch {
    return undefined
  }
}

export function openWorkbench(stem: string, words: PageWords): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element
    const link = target.closest<HTMLAnchorElement>('a.open')
    if (link) {
      event.preventDefault()
      void openPlace(new URL(link.href).searchParams, words)
    } else if (target.closest('button.solution')) void showSolution(stem, words)
  })
  document.addEventListener('toggle', ({ target }) => countHint(stem, target as HTMLDetailsElement), true)
  document.querySelector('nav.next')?.before(bench(stem, words))
}

/** A hint that is opened counts, as one that is asked for in the terminal does. */
function countHint(stem: string, details: HTMLDetailsElement): void {
  const hints = [...(details.closest('.hints')?.querySelectorAll(':scope > details') ?? [])]
  const count = hints.indexOf(details) + 1
  const task = details.closest<HTMLElement>('.task')?.dataset.task
  if (details.open && count > 0) void ask('hint', { stem, task, count })
}

function bench(stem: string, words: PageWords): HTMLElement {
  const section = document.createElement('section')
  section.className = 'workbench'
  section.setAttribute('aria-label', words.workbench)
  section.append(button(words.runAgain, () => void ask('grade', { stem })))
  if (document.querySelector('meta[name="gradus-solution"]'))
    section.append(button(words.showSolution, () => void showSolution(stem, words)))
  section.append(button(words.reset, () => reset(stem, words)))
  return section
}

function button(text: string, action: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.className = 'button'
  made.type = 'button'
  made.textContent = text
  made.addEventListener('click', action)
  return made
}

async function openPlace(place: URLSearchParams, words: PageWords): Promise<void> {
  const file = place.get('file') ?? ''
  const line = place.get('line')
  const answer = await ask('open', { file, line, column: place.get('column') })
  if (answer && answer.opened !== true) dialog(words, words.noEditor(`${file}:${line}`))
}

async function showSolution(stem: string, words: PageWords, anyway = false): Promise<void> {
  const answer = await ask('solution', { stem, anyway })
  if (!answer) return
  if (typeof answer.error === 'string') dialog(words, answer.error)
  else if (answer.hidden)
    choice(words, words.unpassed, words.showAllTheSame, () => void showSolution(stem, words, true))
  else {
    const code = document.createElement('pre')
    code.tabIndex = 0
    code.setAttribute('aria-label', words.solution)
    // Highlighted, and escaped, by the workshop.
    code.innerHTML = `<code>${answer.html}</code>`
    dialog(words, words.solution, code)
  }
}

function reset(stem: string, words: PageWords): void {
  choice(words, words.resetQuestion, words.resetYes, async () => {
    const answer = await ask('reset', { stem })
    if (typeof answer?.error === 'string') dialog(words, answer.error)
  })
}

/** A box that asks before something is done. */
function choice(words: PageWords, question: string, yes: string, action: () => void): void {
  const choices = document.createElement('p')
  choices.className = 'choices'
  const box = dialog(words, question, choices)
  choices.append(
    button(yes, () => {
      box.close()
      action()
    }),
  )
}

/** A box over the page, closed by its button, by Escape, and gone then. */
function dialog(words: PageWords, title: string, ...content: HTMLElement[]): HTMLDialogElement {
  const box = document.createElement('dialog')
  box.className = 'box'
  box.setAttribute('aria-label', title)
  const head = document.createElement('header')
  const heading = document.createElement('p')
  heading.textContent = title
  head.append(
    heading,
    button(words.close, () => box.close()),
  )
  box.append(head, ...content)
  box.addEventListener('close', () => box.remove())
  document.body.append(box)
  box.showModal()
  return box
}
