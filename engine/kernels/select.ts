// The k first of a line in order, without sorting all of it. Which of equal elements are chosen, and so where gradients go, is decided
// by the steps: those of the C++ library that PyTorch is built with (D. R. Musser, "Introspective sorting and selection algorithms",
// 1997), and for one element PyTorch's own.

/** Whether element `i` of the line comes before element `j`. */
export type Before = (i: number, j: number) => boolean

/** The indices of the first `k` of `n` elements; in order, if they are to be sorted or are few. */
export function firstOf(n: number, k: number, before: Before, sorted: boolean): number[] {
  const a = Array.from({ length: n }, (_, i) => i)
  if (k === 0) return []
  if (k * 64 <= n) {
    selectByHeap(a, 0, k, n, before)
    sortHeap(a, 0, k, before)
  } else {
    select(a, k - 1, before)
    if (sorted) sort(a, k - 1, before)
  }
  return a.slice(0, k)
}

/** Puts at place `k` what is there in order, and nothing that comes after it in front of it: by halves, as quicksort does. */
function select(a: number[], k: number, before: Before): void {
  let [first, last] = [0, a.length]
  if (k === last) return
  for (let depth = 2 * log2(last); last - first > 3; depth--) {
    if (depth === 0) {
      selectByHeap(a, first, k + 1, last, before)
      swap(a, first, k)
      return
    }
    const cut = partition(a, first, last, before)
    if (cut <= k) first = cut
    else last = cut
  }
  insertionSort(a, first, last, before)
}

/** Sorts the first `n` by quicksort down to runs of sixteen, which one insertion sort finishes. */
function sort(a: number[], n: number, before: Before): void {
  const halve = (first: number, end: number, limit: number) => {
    let last = end
    for (let depth = limit; last - first > run; depth--) {
      if (depth === 0) {
        selectByHeap(a, first, last, last, before)
        sortHeap(a, first, last, before)
        return
      }
      const cut = partition(a, first, last, before)
      halve(cut, last, depth - 1)
      last = cut
    }
  }
  if (n === 0) return
  halve(0, n, 2 * log2(n))
  insertionSort(a, 0, Math.min(n, run), before)
  for (let i = run; i < n; i++) insert(a, i, before)
}

const run = 16

function log2(n: number): number {
  return 31 - Math.clz32(n)
}

function swap(a: number[], i: number, j: number): void {
  ;[a[i], a[j]] = [a[j]!, a[i]!]
}

/** What comes before the middle one of three elements to the left, the rest to the right; answers where that begins. */
function partition(a: number[], start: number, end: number, before: Before): number {
  const [x, y, z] = [start + 1, start + ((end - start) >> 1), end - 1] as const
  const [xy, yz, xz] = [before(a[x]!, a[y]!), before(a[y]!, a[z]!), before(a[x]!, a[z]!)]
  swap(a, start, xy ? (yz ? y : xz ? z : x) : xz ? x : yz ? z : y)
  const pivot = a[start]!
  for (let [first, last] = [start + 1, end]; ; first++) {
    while (before(a[first]!, pivot)) first++
    do last--
    while (before(pivot, a[last]!))
    if (first >= last) return first
    swap(a, first, last)
  }
}

function insertionSort(a: number[], first: number, last: number, before: Before): void {
  for (let i = first + 1; i < last; i++) {
    if (before(a[i]!, a[first]!)) a.splice(first, 0, ...a.splice(i, 1))
    else insert(a, i, before)
  }
}

/** Moves element `i` to the left until it comes before its neighbour no more. */
function insert(a: number[], i: number, before: Before): void {
  const moved = a[i]!
  let to = i
  for (; before(moved, a[to - 1]!); to--) a[to] = a[to - 1]!
  a[to] = moved
}

/** The first `middle - first` in order, as a heap whose root is the last of them. */
function selectByHeap(a: number[], first: number, middle: number, last: number, before: Before): void {
  const n = middle - first
  for (let parent = (n - 2) >> 1; parent >= 0; parent--) sift(a, first, parent, n, a[first + parent]!, before)
  for (let i = middle; i < last; i++) {
    if (!before(a[i]!, a[first]!)) continue
    const moved = a[i]!
    a[i] = a[first]!
    sift(a, first, 0, n, moved, before)
  }
}

function sortHeap(a: number[], first: number, end: number, before: Before): void {
  for (let last = end - 1; last > first; last--) {
    const moved = a[last]!
    a[last] = a[first]!
    sift(a, first, 0, last - first, moved, before)
  }
}

/** Lets a hole in a heap of `n` sink to the bottom, and `moved` rise from there. */
function sift(a: number[], first: number, top: number, n: number, moved: number, before: Before): void {
  let hole = top
  for (let child = 2 * hole + 2; child <= n; child = 2 * hole + 2) {
    if (child === n || before(a[first + child]!, a[first + child - 1]!)) child--
    a[first + hole] = a[first + child]!
    hole = child
  }
  for (let parent = (hole - 1) >> 1; hole > top && before(a[first + parent]!, moved); parent = (hole - 1) >> 1) {
    a[first + hole] = a[first + parent]!
    hole = parent
  }
  a[first + hole] = moved
}

/** The index of the element that is at place `k` in order, of `n` elements. */
export function placeOf(n: number, k: number, before: Before): number {
  const a = Array.from({ length: n }, (_, i) => i)
  const isAfter = (i: number, j: number) => before(a[j]!, a[i]!)
  const bringDown = (i: number, j: number) => {
    if (isAfter(i, j)) swap(a, i, j)
  }
  let [left, right] = [0, n - 1]
  while (right > left + 1) {
    swap(a, left + ((right - left) >> 1), left + 1)
    bringDown(left + 1, right)
    bringDown(left, right)
    bringDown(left + 1, left)
    let [i, j] = [left + 1, right]
    for (;;) {
      do i++
      while (isAfter(left, i))
      do j--
      while (isAfter(j, left))
      if (j < i) break
      swap(a, i, j)
    }
    swap(a, left, j)
    if (j <= k) left = i
    if (j >= k) right = j - 1
  }
  if (right === left + 1) bringDown(left, right)
  return a[k]!
}
