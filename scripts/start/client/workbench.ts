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
  document.querySelector('nav.next')?.before(bench(stem, words))
}

function bench(stem: string, words: PageWords): HTMLElement {
  const section = document.createElement('section')
  section.className = 'workbench'
  section.setAttribute('aria-label', words.workbench)
  section.append(
    button(words.runAgain, () => void ask('grade', { stem })),
    button(words.showSolution, () => void showSolution(stem, words)),
    button(words.reset, () => void reset(stem, words)),
  )
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
  if (answer && answer.opened !== true) dialog(words, paragraph(words.noEditor(`${file}:${line}`)))
}

async function showSolution(stem: string, words: PageWords, anyway = false): Promise<void> {
  const answer = await ask('solution', { stem, anyway })
  if (!answer) return
  if (typeof answer.error === 'string') dialog(words, paragraph(answer.error))
  else if (answer.hidden) {
    const box = dialog(words, paragraph(words.unpassed))
    box.querySelector('form')?.prepend(
      button(words.showAllTheSame, () => {
        box.close()
        void showSolution(stem, words, true)
      }),
    )
  } else {
    const heading = document.createElement('h2')
    heading.textContent = words.solution
    const code = document.createElement('pre')
    code.tabIndex = 0
    code.setAttribute('aria-label', words.solution)
    // Highlighted, and escaped, by the workshop.
    code.innerHTML = `<code>${answer.html}</code>`
    dialog(words, heading, code)
  }
}

async function reset(stem: string, words: PageWords): Promise<void> {
  const box = dialog(words, paragraph(words.resetQuestion))
  box.querySelector('form')?.prepend(
    button(words.resetYes, async () => {
      box.close()
      const answer = await ask('reset', { stem })
      if (typeof answer?.error === 'string') dialog(words, paragraph(answer.error))
    }),
  )
}

function paragraph(text: string): HTMLParagraphElement {
  const made = document.createElement('p')
  made.textContent = text
  return made
}

/** A box over the page, closed by its button, by Escape, and gone then. */
function dialog(words: PageWords, ...content: HTMLElement[]): HTMLDialogElement {
  const box = document.createElement('dialog')
  box.className = 'box'
  const form = document.createElement('form')
  form.method = 'dialog'
  const close = document.createElement('button')
  close.className = 'button'
  close.textContent = words.close
  form.append(close)
  box.append(...content, form)
  box.addEventListener('close', () => box.remove())
  document.body.append(box)
  box.showModal()
  return box
}
