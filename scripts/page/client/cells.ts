// Cells that can be edited and run: each runs with all those above it, from the beginning, so that what it prints depends on nothing that is not on the page.
/// <reference lib="dom" />
import { icon, outClass } from '../html'
import { wordsOf } from '../words'
import { load } from './load'
import { deadlineMs, type Failure, runProgram } from './run'
import type { RunKit } from './runKit'

const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
const words = wordsOf(language)
const longestOutput = 100_000

interface Cell {
  element: HTMLElement
  field: HTMLTextAreaElement
  code: HTMLElement
  output: HTMLElement
  trouble: HTMLElement
  /** What PyTorch would warn of: beside the output, as in a notebook, not in it. */
  warning: HTMLElement
  original: { code: string; html: string; output: string; graph: string }
  runButton: HTMLButtonElement
  restoreButton: HTMLButtonElement
}

let cells: Cell[] = []
/** Stops what is running. */
let stop: (() => void) | undefined

export function openCells(): void {
  cells = [...document.querySelectorAll<HTMLElement>('.cell')].map(openCell)
}

function openCell(element: HTMLElement, index: number): Cell {
  const code = element.querySelector<HTMLElement>('.in code')!
  const output = element.querySelector<HTMLElement>('.out')!
  const field = document.createElement('textarea')
  Object.assign(field, { value: code.textContent, spellcheck: false, autocapitalize: 'off', rows: 1 })
  field.setAttribute('aria-label', words.code(index + 1))
  field.setAttribute('autocorrect', 'off')
  const picture = code.parentElement!
  picture.removeAttribute('tabindex')
  picture.setAttribute('aria-hidden', 'true')
  picture.after(field)
  const trouble = document.createElement('div')
  trouble.className = 'trouble'
  trouble.setAttribute('role', 'alert')
  trouble.hidden = true
  const warning = document.createElement('p')
  warning.className = 'warning'
  warning.hidden = true
  output.after(warning, trouble)

  const tools = document.createElement('div')
  tools.className = 'cell-tools'
  const restoreButton = button('restore', words.restore)
  const copyButton = button('copy', words.copy)
  const runButton = button('run', words.run, true)
  restoreButton.hidden = true
  tools.append(restoreButton, copyButton, runButton)
  element.querySelector('.in')!.after(tools)

  const cell: Cell = {
    element,
    field,
    code,
    output,
    trouble,
    warning,
    original: {
      code: field.value,
      html: code.innerHTML,
      output: output.textContent ?? '',
      graph: element.querySelector('.cell-graph')?.outerHTML ?? '',
    },
    runButton,
    restoreButton,
  }
  field.addEventListener('focus', () => void ready())
  field.addEventListener('input', () => edited(cell))
  field.addEventListener('keydown', (event) => onKey(event, index))
  runButton.addEventListener('click', () => (stop ? stop() : void run(index)))
  restoreButton.addEventListener('click', () => restore(cell))
  copyButton.addEventListener('click', () => void copy(cell, copyButton))
  return cell
}

function button(shape: string, label: string, withText = false): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = `${shape}-button`
  made.innerHTML = icon(shape)
  if (withText) made.append(label)
  else Object.assign(made, { ariaLabel: label, title: label })
  return made
}

async function ready(): Promise<RunKit> {
  await load('run.js')
  return globalThis.gradusRunKit!
}

/** Shift and Enter, or Control and Enter, run a cell, as in every notebook. Enter keeps the indentation. */
function onKey(event: KeyboardEvent, index: number): void {
  if (event.key !== 'Enter' || event.isComposing) return
  if (event.shiftKey || event.ctrlKey || event.metaKey) {
    event.preventDefault()
    void run(index)
    return
  }
  const { field } = cells[index]!
  const line = field.value.slice(0, field.selectionStart).split('\n').at(-1)!
  const indent = /^\s*/.exec(line)![0] + (/[{([]\s*$/.test(line) ? '  ' : '')
  if (indent === '') return
  event.preventDefault()
  // The one way to write into a field that keeps its undo.
  document.execCommand('insertText', false, `\n${indent}`)
}

function edited(cell: Cell): void {
  const { field, code, original } = cell
  const isEdited = field.value !== original.code
  // A last empty line takes room only with something in it.
  const shown = field.value.endsWith('\n') ? `${field.value} ` : field.value
  if (globalThis.gradusRunKit) code.innerHTML = globalThis.gradusRunKit.highlight(shown)
  else code.textContent = shown
  cell.element.classList.toggle('edited', isEdited)
  cell.restoreButton.hidden = !isEdited
}

function restore(cell: Cell): void {
  const { field, original } = cell
  field.value = original.code
  edited(cell)
  cell.code.innerHTML = original.html
  quiet(cell)
  show(cell, original.output)
  showGraph(cell, original.graph)
  field.focus()
}

async function copy(cell: Cell, copyButton: HTMLButtonElement): Promise<void> {
  await navigator.clipboard.writeText(cell.field.value)
  copyButton.innerHTML = icon('tick')
  setTimeout(() => {
    copyButton.innerHTML = icon('copy')
  }, 1200)
}

function show({ output }: Cell, text: string): void {
  output.hidden = text === ''
  output.className = outClass(text)
  output.querySelector('samp')!.textContent = text
}

function showGraph({ element }: Cell, html: string): void {
  const place = element.querySelector<HTMLDetailsElement>('.cell-graph')
  const open = place?.open ?? false
  place?.remove()
  element.insertAdjacentHTML('beforeend', html)
  const fresh = element.querySelector<HTMLDetailsElement>('.cell-graph')
  if (fresh && place) fresh.open = open
}

async function run(index: number): Promise<void> {
  stop?.()
  const cell = cells[index]!
  busy(cell, true)
  let kit: RunKit
  try {
    kit = await ready()
  } catch (error) {
    busy(cell, false)
    fail(cell, { message: (error as Error).message })
    return
  }
  edited(cell)
  const printed = cells.slice(0, index + 1).map(() => '')
  const showAll = () => {
    for (const [i, text] of printed.entries()) show(cells[i]!, text.trimEnd())
  }
  const end = (): void => {
    stop = undefined
    busy(cell, false)
    showAll()
  }
  for (const each of cells.slice(0, index + 1)) quiet(each)
  const stopNow = runProgram(
    kit,
    cells.slice(0, index + 1).map(({ field }) => field.value),
    {
      printed(at, text) {
        if (printed[at]!.length < longestOutput) printed[at] += text
        if (at === index) show(cell, printed[at]!.trimEnd())
      },
      warned(at, text) {
        const { warning } = cells[at]!
        warning.hidden = false
        warning.textContent += `${warning.textContent ? '\n' : ''}UserWarning: ${text}`
      },
      failed(at, failure) {
        end()
        fail(cells[at]!, failure)
      },
      late(at) {
        end()
        fail(cells[Math.min(at, index)]!, { message: words.outOfTime(deadlineMs / 1000) })
      },
      ended(graph) {
        end()
        if (printed[index] === '' && cell.element.classList.contains('edited')) {
          show(cell, words.nothingPrinted)
          cell.output.classList.add('nothing')
        }
        showGraph(cell, graph ? kit.graphDetails(graph, language) : '')
      },
    },
  )
  if (cell.element.classList.contains('busy')) {
    stop = () => {
      stopNow()
      end()
    }
  }
}

function busy(cell: Cell, isBusy: boolean): void {
  cell.element.classList.toggle('busy', isBusy)
  cell.runButton.innerHTML = icon(isBusy ? 'stop' : 'run')
  cell.runButton.append(isBusy ? words.stop : words.run)
}

function quiet({ trouble, warning }: Cell): void {
  for (const told of [trouble, warning]) {
    told.textContent = ''
    told.hidden = true
  }
}

function fail({ trouble }: Cell, { message, line }: Failure): void {
  trouble.textContent = line === undefined ? message : `${message}\n${words.line(line)}`
  trouble.hidden = false
}
