// The data of torch.draw as a picture: values in ink along the arrows, gradients in accent on a wire of their own, back. Runs in Node and in the browser.
import type { Drawing, DrawnTensor } from '../../engine'
import type { Language } from '../course'
import type { Addition } from './arrivals'
import { arrange, type Box, type Flow, type Layout, sumSpace, type Wire } from './graphLayout'
import { escapeHtml, icon } from './html'
import { type Words, wordsOf } from './words'

/** A drawing as it comes out of JSON. */
export type DrawingData = Pick<Drawing, 'nodes' | 'edges'> & {
  /** By the names of leaves, what their gradients are the sum of. */
  additions?: Record<string, Addition>
}

const mostNodes = 60
/** Beyond this a graph runs from top to bottom on a wide page too: its text would shrink, or leave the text column. */
const widest = 700

/** A figure with the graph, laid out for a wide page and for a phone. `caption` is HTML. */
export function graphFigure(data: DrawingData, language: Language, caption?: string): string {
  return `<figure class="graph">${graphPicture(data, language)}<figcaption>${caption ?? captionOf(data, language)}</figcaption></figure>`
}

/** What the wires of a graph are, after a few words that say whose it is. */
export function captionOf({ nodes }: DrawingData, language: Language, whose = wordsOf(language).graph): string {
  const { graphForward, graphBack } = wordsOf(language)
  const walked = nodes.some((node) => node.kind === 'tensor' && node.grad)
  return `<b>${whose}</b>${language === 'en' ? ' ' : ''}${graphForward}${walked ? graphBack : ''}`
}

/** The figure, folded, as it stands below a cell. */
export function graphDetails(data: DrawingData, language: Language, open = false): string {
  const { showGraph } = wordsOf(language)
  return `<details class="cell-graph"${open ? ' open' : ''}><summary>${icon('graph')}${showGraph}</summary>${graphFigure(data, language)}</details>`
}

/** The graph alone; a sentence instead if it is too large to be read. */
export function graphPicture(data: DrawingData, language: Language): string {
  const words = wordsOf(language)
  if (data.nodes.length > mostNodes)
    return `<p class="too-large">${escapeHtml(words.graphTooLarge(data.nodes.length))}</p>`
  const { boxes, wires } = shapes(data, words)
  if (boxes.length === 0) return ''
  const across = arrange(boxes, wires, 'right')
  const down = arrange(boxes, wires, 'down')
  const wide = across.width > widest ? down : across
  return `<div class="pictures" role="img" tabindex="0" aria-label="${escapeHtml(described(data, words))}">${svg(wide, 'wide')}${svg(down, 'tall')}</div>`
}

/** What is a card (tensors that have a name, or that nothing made or uses once), what is a pill (functions), and what runs between them. */
function shapes({ nodes, edges, additions = {} }: DrawingData, words: Words): { boxes: Box[]; wires: Wire[] } {
  const tensors = new Map(nodes.flatMap((node) => (node.kind === 'tensor' ? [[node.id, node] as const] : [])))
  const maker = new Map(edges.filter(({ to }) => tensors.has(to)).map(({ from, to }) => [to, from]))
  const uses = (id: string) => edges.filter(({ from }) => from === id)
  const isCard = (t: DrawnTensor) => t.role !== 'intermediate' || t.name !== null || uses(t.id).length !== 1
  const walked = new Set([...maker].filter(([id]) => tensors.get(id)?.grad).map(([, from]) => from))
  const boxes = nodes.flatMap((node): Box[] => {
    if (node.kind === 'function') return [{ id: node.id, kind: 'function', name: node.name }]
    return isCard(node) ? [card(node, words, additions[node.name ?? ''])] : []
  })
  const wires = edges.flatMap(({ from, to }): Wire[] => {
    const input = tensors.get(from)
    if (!input) {
      const output = tensors.get(to)!
      return isCard(output) ? [{ from, to, back: output.grad !== null }] : []
    }
    const back = walked.has(to)
    if (isCard(input)) return [{ from, to, back }]
    return [{ from: maker.get(from)!, to, back, value: lines(input, 'value'), grad: lines(input, 'grad') }]
  })
  return { boxes, wires }
}

function card(tensor: DrawnTensor, words: Words, addition?: Addition): Box {
  const value = lines(tensor, 'value')
  const rows = [
    {
      label: value ? words.value : words.shape,
      lines: value ?? [shapeText(tensor)],
      gradient: false,
    },
    ...(addition
      ? [
          { label: words.held, lines: printed(addition.held, tensor), gradient: false },
          { label: words.added, lines: printed(addition.added, tensor), gradient: true },
        ]
      : []),
    { label: 'grad', lines: lines(tensor, 'grad'), gradient: true, isSum: addition !== undefined },
  ]
  return {
    id: tensor.id,
    kind: 'tensor',
    name: tensor.name ?? '',
    note: tensor.role === 'leaf' ? words.leaf : '',
    rows: rows.flatMap((row) => (row.lines ? [{ ...row, lines: row.lines }] : [])),
  }
}

const [mostLines, longestLine] = [6, 40]

/** The elements as PyTorch prints them, without `tensor(…)` and commas; the shape where they are too many to be read. */
function lines(tensor: DrawnTensor, which: 'value' | 'grad'): string[] | undefined {
  const elements = tensor[which]
  return elements ? printed(elements.text, tensor) : undefined
}

function printed(told: string, tensor: DrawnTensor): string[] {
  const inside = told.replace(/^tensor\(/, '').replace(/(, (size|dtype)=.*)?\)$/s, '')
  const rows = inside.replaceAll(',', '').split('\n')
  const isRow = tensor.shape.length < 2
  const text = isRow ? [shortened(rows.join(' '))] : rows.map((line) => line.replace(/^ {7}/, ''))
  const width = Math.max(...text.map((line) => line.length))
  if (text.length <= mostLines && width <= longestLine) return text.map((line) => line.padEnd(width))
  return [shapeText(tensor)]
}

/** A long row keeps its ends. */
function shortened(text: string): string {
  const row = text.replace(/\s+/g, ' ').replace('[ ', '[')
  const items = row.split(' ')
  return row.length <= longestLine ? row : `${items.slice(0, 2).join(' ')} … ${items.at(-1)}`
}

function shapeText({ shape }: DrawnTensor): string {
  return `${shape.join(' × ')}`
}

const svgSpace = 10
/** Its text is 12.5 px high and never shrinks below 11.5. */
const smallest = 0.92

function svg({ width, height, boxes, wires, flow }: Layout, name: string): string {
  const [w, h] = [width + 2, height + 2 * svgSpace]
  return `<svg class="${name}" viewBox="-1 ${-svgSpace} ${w} ${h}" width="${w}" height="${h}" style="min-width:${Math.round(w * smallest)}px" aria-hidden="true">${wires.map((wire) => wireSvg(wire, flow)).join('')}${boxes.map(boxSvg).join('')}</svg>`
}

function wireSvg({ path, returning, label, value, grad }: Layout['wires'][number], flow: Flow): string {
  const back = returning ? `<path class="edge back" d="${returning}"/>` : ''
  if (!label) return `<path class="edge" d="${path}"/>${back}`
  const place = flow === 'right' ? besideRow(label, value, grad) : besideColumn(label, value, grad)
  return `<path class="edge" d="${path}"/>${back}${place}`
}

interface Point {
  x: number
  y: number
}

const lineHeight = 16

/** Above the wire its value, below it its gradient. */
function besideRow({ x, y }: Point, value: string[] = [], grad: string[] = []): string {
  const above = value.map((line, i) => text(x, y - 8 - (value.length - 1 - i) * lineHeight, line, 'm'))
  const below = grad.map((line, i) => text(x, y + 26 + i * lineHeight, line, 'grad m'))
  return [...above, ...below].join('')
}

/** Left of the wire its value, right of it its gradient. */
function besideColumn({ x, y }: Point, value: string[] = [], grad: string[] = []): string {
  const left = value.map((line, i) => text(x - 10, y + 4 + (i - (value.length - 1) / 2) * lineHeight, line, 'e'))
  const right = grad.map((line, i) => text(x + 20, y + 4 + (i - (grad.length - 1) / 2) * lineHeight, line, 'grad'))
  return [...left, ...right].join('')
}

function boxSvg(box: Layout['boxes'][number]): string {
  const { x, y, width, height } = box
  if (box.kind === 'function') {
    const pill = `<rect class="op" x="${x}" y="${y}" width="${width}" height="${height}" rx="16"/>`
    return pill + text(x + width / 2, y + height / 2 + 4, box.name, 'm')
  }
  const rows = box.rows ?? []
  const titled = box.name !== '' || Boolean(box.note)
  const [left, right] = [x + 13, x + width - 13]
  let html = `<rect class="card" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`
  let at = y + 8
  if (titled) {
    html += text(left, y + 22, box.name, 'name')
    if (box.note) html += text(right, y + 21, box.note, 'lab e')
    if (rows.length > 0) html += `<path class="line" d="M${x} ${y + 33.5}h${width}"/>`
    at = y + 41
  }
  for (const { label, lines: shown, gradient, isSum } of rows) {
    if (isSum) {
      html += `<path class="line" d="M${left} ${at + 2.5}H${right}"/>`
      at += sumSpace
    }
    html += text(left, at + 12, label, gradient ? 'lab grad' : 'lab')
    shown.forEach((line, i) => {
      html += text(right, at + 12 + i * lineHeight, line, gradient ? 'grad e' : 'e')
    })
    at += shown.length * lineHeight + 8
  }
  return html
}

function text(x: number, y: number, content: string, name: string): string {
  return `<text class="${name}" x="${round(x)}" y="${round(y)}" xml:space="preserve">${escapeHtml(content)}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** The graph in words, one operation after the other. */
function described({ nodes, edges }: DrawingData, words: Words): string {
  const named = new Map(nodes.map((node) => [node.id, node]))
  const told = (id: string) => {
    const node = named.get(id)
    if (node?.kind !== 'tensor') return node?.name ?? ''
    return [node.name ?? '', ...(lines(node, 'value') ?? [])].filter((part) => part !== '').join(' ')
  }
  const steps = nodes.flatMap((node) => {
    if (node.kind !== 'function') return []
    const inputs = edges.filter(({ to }) => to === node.id).map(({ from }) => told(from))
    const outputs = edges.filter(({ from }) => from === node.id).map(({ to }) => told(to))
    return [`${inputs.join(', ')} → ${node.name} → ${outputs.join(', ')}`]
  })
  const gradients = nodes.flatMap((node) =>
    node.kind === 'tensor' && node.grad && node.name
      ? [`${node.name}.grad ${(lines(node, 'grad') ?? []).join(' ')}`]
      : [],
  )
  return `${words.graph} ${[...steps, ...gradients].join('. ')}.`
}
