// Where the boxes and wires of a graph stand. dagre places them; the wires are drawn here, each with room for its gradient on the way back.
import { Graph, layout } from '@dagrejs/dagre'

export type Flow = 'right' | 'down'

export interface Box {
  id: string
  kind: 'tensor' | 'function'
  name: string
  /** A word beside the name. */
  note?: string
  /** `isSum` is a row that the ones above it add up to: a line stands over it. */
  rows?: { label: string; lines: string[]; gradient: boolean; isSum?: boolean }[]
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

interface Size {
  width: number
  height: number
}

interface Route {
  wire: Wire
  label: Point & Size
  /** Where dagre bends it. */
  inner: Point[]
  /** The middles of its boxes. */
  ends: [Point, Point]
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
/** Room for the line over a sum. */
export const sumSpace = 7

export function arrange(boxes: readonly Box[], wires: readonly Wire[], flow: Flow): Layout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({
    rankdir: flow === 'right' ? 'LR' : 'TB',
    nodesep: 28,
    edgesep: 22,
    ranksep: flow === 'right' ? 24 : 48,
  })
  for (const box of boxes) graph.setNode(box.id, sizeOf(box, wires, flow))
  wires.forEach((wire, i) => {
    graph.setEdge({ v: wire.from, w: wire.to, name: String(i) }, { ...labelSize(wire, flow), labelpos: 'c' })
  })
  layout(graph)
  const placed = boxes.map((box) => {
    const { x, y, width, height } = graph.node(box.id) as Point & { width: number; height: number }
    return { ...box, width, height, x: round(x - width / 2), y: round(y - height / 2) }
  })
  const byId = new Map(placed.map((box) => [box.id, box]))
  const middle = (id: string): Point => {
    const { x, y } = graph.node(id) as Point
    return { x, y }
  }
  const routes = wires.map((wire, i): Route => {
    const edge = graph.edge({ v: wire.from, w: wire.to, name: String(i) }) as { points: Point[] } & Size & Point
    return {
      wire,
      label: { x: edge.x, y: edge.y, ...labelSize(wire, flow) },
      inner: edge.points.slice(1, -1),
      ends: [middle(wire.from), middle(wire.to)],
    }
  })
  const drawn = routes.map((route) => {
    const { wire, label } = route
    const [from, to] = [byId.get(wire.from)!, byId.get(wire.to)!]
    const leaving = routes.filter((other) => other.wire.from === wire.from)
    const reaching = routes.filter((other) => other.wire.to === wire.to)
    const ends = [port(from, leaving, route, flow, 'leaves'), port(to, reaching, route, flow, 'reaches')] as const
    const points = way(route, ends, flow)
    return {
      ...wire,
      path: curve(points, flow),
      ...(wire.back && { returning: besides(points, flow) }),
      ...((wire.value || wire.grad) && { label: along(points, label, flow) }),
    }
  })
  return { flow, boxes: placed, wires: drawn, ...extent(graph) }
}

function extent(graph: Graph): { width: number; height: number } {
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return { width: Math.ceil(width), height: Math.ceil(height) }
}

/** Where a wire leaves or reaches its box: the wires of a side stand beside each other, in the order in which they go on. */
function port(box: Layout['boxes'][number], all: Route[], own: Route, flow: Flow, how: 'leaves' | 'reaches'): Point {
  const across = ({ inner, ends }: Route) => {
    const next = inner.length > 1 ? inner.at(how === 'leaves' ? 0 : -1)! : ends[how === 'leaves' ? 1 : 0]
    return flow === 'right' ? next.y : next.x
  }
  const order = [...all].sort((a, b) => across(a) - across(b))
  const room = (flow === 'right' ? box.height : box.width) - (box.kind === 'function' ? 8 : 16)
  const step = Math.min(24, room / order.length)
  const shift = (order.indexOf(own) - (order.length - 1) / 2) * step - apart / 2
  if (flow === 'right') return { x: how === 'leaves' ? box.x + box.width : box.x, y: box.y + box.height / 2 + shift }
  return { x: box.x + box.width / 2 + shift, y: how === 'leaves' ? box.y + box.height : box.y }
}

/** The points that a wire passes: straight from box to box where that is nearly the way, and always straight past its label. */
function way({ label, inner, wire }: Route, [start, end]: readonly [Point, Point], flow: Flow): Point[] {
  const across = (point: Point) => (flow === 'right' ? point.y : point.x)
  const near = (point: Point) => Math.abs(across(point) - across(start)) < 12
  if (near(end) && inner.length <= 3 && (inner.every(near) || (!wire.value && !wire.grad))) {
    const shared = (across(start) + across(end)) / 2
    return [start, end].map((point) => (flow === 'right' ? { ...point, y: shared } : { ...point, x: shared }))
  }
  if (!wire.value && !wire.grad) {
    const isShort = flow === 'right' ? end.x - start.x < 90 : end.y - start.y < 90
    return isShort ? [start, end] : [start, ...inner, end]
  }
  const { x, y, width, height } = label
  const past =
    flow === 'right'
      ? [
          { x: x - width / 2, y },
          { x: x + width / 2, y },
        ]
      : [
          { x, y: y - height / 2 },
          { x, y: y + height / 2 },
        ]
  const main = (point: Point) => (flow === 'right' ? point.x : point.y)
  const before = inner.filter((point) => main(point) < main(past[0]!))
  const after = inner.filter((point) => main(point) > main(past[1]!))
  return [start, ...before, ...past, ...after, end]
}

/** The label's place on its wire. */
function along(points: Point[], label: Point, flow: Flow): Point {
  if (points.length > 2) return { x: label.x, y: label.y }
  const [a, b] = [points[0]!, points[1]!]
  return flow === 'right' ? { x: (a.x + b.x) / 2, y: a.y } : { x: a.x, y: (a.y + b.y) / 2 }
}

/** From one point of a wire to the next: it leaves and reaches both in the direction of the flow. */
function bend(from: Point, to: Point, flow: Flow): [Point, Point, Point, Point] {
  if (flow === 'right') {
    const middle = (from.x + to.x) / 2
    return [from, { x: middle, y: from.y }, { x: middle, y: to.y }, to]
  }
  const middle = (from.y + to.y) / 2
  return [from, { x: from.x, y: middle }, { x: to.x, y: middle }, to]
}

function curve(points: Point[], flow: Flow): string {
  const bends = points.slice(1).map((to, i) => bend(points[i]!, to, flow))
  return `M${shown(points[0]!)}${bends.map(([, a, b, to]) => `C${shown(a)} ${shown(b)} ${shown(to)}`).join('')}`
}

/** The way back, always the same distance beside the way out. */
function besides(points: Point[], flow: Flow): string {
  const beside = points.slice(1).flatMap((to, i) => parallel(bend(points[i]!, to, flow), flow))
  const kept = beside.filter((point, i) => i === 0 || shown(point) !== shown(beside[i - 1]!))
  return `M${kept.reverse().map(shown).join('L')}`
}

/** A parallel of a Bézier curve has no formula: points at equal steps along it, each moved along its normal. */
function parallel([a, b, c, d]: [Point, Point, Point, Point], flow: Flow): Point[] {
  const isStraight = flow === 'right' ? a.y === d.y : a.x === d.x
  const steps = isStraight ? 1 : 12
  const side = flow === 'right' ? 1 : -1
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps
    const u = 1 - t
    const at = (k: 'x' | 'y') => u ** 3 * a[k] + 3 * u * u * t * b[k] + 3 * u * t * t * c[k] + t ** 3 * d[k]
    const slope = (k: 'x' | 'y') => u * u * (b[k] - a[k]) + 2 * u * t * (c[k] - b[k]) + t * t * (d[k] - c[k])
    const [dx, dy] = [slope('x'), slope('y')]
    const length = Math.hypot(dx, dy) || 1
    return { x: at('x') - (side * apart * dy) / length, y: at('y') + (side * apart * dx) / length }
  })
}

function shown({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`
}

function sizeOf(box: Box, wires: readonly Wire[], flow: Flow): Size {
  if (box.kind === 'function') {
    const beside = Math.max(
      wires.filter(({ to }) => to === box.id).length,
      wires.filter(({ from }) => from === box.id).length,
    )
    const extra = 16 * (Math.max(1, beside) - 1)
    const width = textWidth(box.name, small) + 26
    return flow === 'right' ? { width, height: 32 + extra } : { width: Math.max(width, extra + 56), height: 32 }
  }
  const rows = box.rows ?? []
  const title = textWidth(box.name, large) + (box.note ? textWidth(box.note, small) + 18 : 0)
  const widths = rows.map((row) => textWidth(row.label, small) + 16 + longest(row.lines))
  const titled = box.name !== '' || Boolean(box.note)
  const height =
    (titled ? 34 : 0) +
    rows.reduce((sum, { lines, isSum }) => sum + lines.length * lineHeight + 8 + (isSum ? sumSpace : 0), 0) +
    (rows.length > 0 ? 8 : 0)
  return { width: Math.max(44, title, ...widths) + 26, height: Math.max(34, height) }
}

function labelSize({ value, grad }: Wire, flow: Flow): Size {
  if (!value && !grad) return flow === 'right' ? { width: 18, height: 18 } : { width: 18, height: 4 }
  const widths = [longest(value ?? []), longest(grad ?? [])]
  if (flow === 'right') {
    const count = Math.max(value?.length ?? 0, grad?.length ?? 0)
    return { width: Math.max(...widths) + 24, height: 2 * (count * lineHeight + 10) }
  }
  return {
    width: 2 * (Math.max(...widths) + 24),
    height: Math.max(value?.length ?? 0, grad?.length ?? 0) * lineHeight + 8,
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
