// Where the boxes and wires of a graph stand. dagre places them; the wires are drawn here, each with room for its gradient on the way back.
import { Graph, layout } from '@dagrejs/dagre'

export type Flow = 'right' | 'down'

export interface Box {
  id: string
  kind: 'tensor' | 'function'
  name: string
  /** A word beside the name. */
  note?: string
  rows?: { label: string; lines: string[]; gradient: boolean }[]
}

export interface Wire {
  from: string
  to: string
  /** Whether a gradient came back on it. */
  back: boolean
  value?: string[]
  grad?: string[]
}

interface Point {
  x: number
  y: number
}

export interface Layout {
  flow: Flow
  width: number
  height: number
  /** With their upper left corners. */
  boxes: (Box & { x: number; y: number; width: number; height: number })[]
  /** Paths, as SVG has them. */
  wires: (Wire & { path: string; returning?: string; label?: Point })[]
}

/** Widths of text: the machine's face is 0.6 em wide, a Chinese character 1 em. */
const [small, large] = [12.5, 15]
const [apart, lineHeight] = [8, 16]

export function arrange(boxes: readonly Box[], wires: readonly Wire[], flow: Flow): Layout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({
    rankdir: flow === 'right' ? 'LR' : 'TB',
    nodesep: 28,
    edgesep: 22,
    ranksep: flow === 'right' ? 26 : 22,
  })
  for (const box of boxes) graph.setNode(box.id, { ...sizeOf(box) })
  wires.forEach((wire, i) => {
    graph.setEdge({ v: wire.from, w: wire.to, name: String(i) }, { ...labelSize(wire, flow), labelpos: 'c' })
  })
  layout(graph)
  const placed = boxes.map((box) => {
    const { x, y, width, height } = graph.node(box.id) as Point & { width: number; height: number }
    return { ...box, width, height, x: round(x - width / 2), y: round(y - height / 2) }
  })
  const byId = new Map(placed.map((box) => [box.id, box]))
  const routes = wires.map((wire, i) => {
    const edge = graph.edge({ v: wire.from, w: wire.to, name: String(i) }) as { points: Point[] } & Point
    return { wire, label: { x: edge.x, y: edge.y }, inner: edge.points.slice(1, -1) }
  })
  const drawn = routes.map(({ wire, label, inner }) => {
    const [from, to] = [byId.get(wire.from)!, byId.get(wire.to)!]
    const ends = routes.filter((other) => other.wire.from === wire.from)
    const starts = routes.filter((other) => other.wire.to === wire.to)
    const start = port(
      from,
      ends.map((other) => other.label),
      label,
      flow,
      'end',
    )
    const end = port(
      to,
      starts.map((other) => other.label),
      label,
      flow,
      'start',
    )
    const points = straightened([start, ...inner, end], flow)
    const middle =
      points.length > 2
        ? points[Math.floor(points.length / 2)]!
        : { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
    return {
      ...wire,
      path: curve(points, flow),
      ...(wire.back && { returning: curve(points.map((point) => shifted(point, flow)).reverse(), flow) }),
      ...((wire.value || wire.grad) && { label: middle }),
    }
  })
  return { flow, boxes: placed, wires: drawn, ...extent(graph) }
}

function extent(graph: Graph): { width: number; height: number } {
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return { width: Math.ceil(width), height: Math.ceil(height) }
}

/** Where a wire leaves or reaches its box: the wires of a side stand beside each other, in the order in which they go on. */
function port(box: Layout['boxes'][number], others: Point[], own: Point, flow: Flow, side: 'start' | 'end'): Point {
  const along = (point: Point) => (flow === 'right' ? point.y : point.x)
  const order = [...others].sort((a, b) => along(a) - along(b))
  const room = (flow === 'right' ? box.height : box.width) - (box.kind === 'function' ? 24 : 16)
  const step = Math.min(24, room / Math.max(1, order.length))
  const offset =
    (order.indexOf(own) < 0 ? order.findIndex((each) => along(each) === along(own)) : order.indexOf(own)) -
    (order.length - 1) / 2
  const shift = offset * step - apart / 2
  if (flow === 'right') return { x: side === 'end' ? box.x + box.width : box.x, y: box.y + box.height / 2 + shift }
  return { x: box.x + box.width / 2 + shift, y: side === 'end' ? box.y + box.height : box.y }
}

/** Inner points that are nearly on the straight way between the ends go onto it. */
function straightened(points: Point[], flow: Flow): Point[] {
  const [first, last] = [points[0]!, points.at(-1)!]
  const across = (point: Point) => (flow === 'right' ? point.y : point.x)
  const near = points.every((point) => Math.abs(across(point) - across(first)) < 9)
  if (!near) return points
  const middle = { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 }
  const shared = (across(first) + across(last)) / 2
  return [first, middle, last].map((point) => (flow === 'right' ? { ...point, y: shared } : { ...point, x: shared }))
}

/** The way back runs beside the way out. */
function shifted(point: Point, flow: Flow): Point {
  return flow === 'right' ? { x: point.x, y: point.y + apart } : { x: point.x + apart, y: point.y }
}

/** A smooth line that leaves and reaches every point in the direction of the flow. */
function curve(points: Point[], flow: Flow): string {
  const [first, ...rest] = points
  let path = `M${round(first!.x)} ${round(first!.y)}`
  let from = first!
  for (const to of rest) {
    const middle = flow === 'right' ? (from.x + to.x) / 2 : (from.y + to.y) / 2
    const [a, b] =
      flow === 'right'
        ? [
            { x: middle, y: from.y },
            { x: middle, y: to.y },
          ]
        : [
            { x: from.x, y: middle },
            { x: to.x, y: middle },
          ]
    path += `C${[a, b, to].map(({ x, y }) => `${round(x)} ${round(y)}`).join(' ')}`
    from = to
  }
  return path
}

function sizeOf(box: Box): { width: number; height: number } {
  if (box.kind === 'function') return { width: textWidth(box.name, small) + 30, height: 34 }
  const rows = box.rows ?? []
  const title = textWidth(box.name, large) + (box.note ? textWidth(box.note, small) + 18 : 0)
  const widths = rows.map((row) => textWidth(row.label, small) + 16 + longest(row.lines))
  const titled = box.name !== '' || Boolean(box.note)
  const height =
    (titled ? 34 : 0) +
    rows.reduce((sum, { lines }) => sum + lines.length * lineHeight + 8, 0) +
    (rows.length > 0 ? 8 : 0)
  return { width: Math.max(44, title, ...widths) + 26, height: Math.max(34, height) }
}

function labelSize({ value, grad }: Wire, flow: Flow): { width: number; height: number } {
  if (!value && !grad) return flow === 'right' ? { width: 26, height: 18 } : { width: 18, height: 20 }
  const widths = [longest(value ?? []), longest(grad ?? [])]
  if (flow === 'right') {
    const count = Math.max(value?.length ?? 0, grad?.length ?? 0)
    return { width: Math.max(...widths) + 24, height: 2 * (count * lineHeight + 10) }
  }
  return {
    width: 2 * (Math.max(...widths) + 24),
    height: Math.max(value?.length ?? 0, grad?.length ?? 0) * lineHeight + 20,
  }
}

function longest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => textWidth(line, small)))
}

function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 1 : 0.6) * size, 0)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
