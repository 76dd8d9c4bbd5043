// A line that says what is going on, once it takes longer than a second; only on a terminal.
export interface Progress {
  show(what: string): void
  /** Takes the line away until the next `show`, so that something can be printed. */
  hide(): void
  clear(): void
}

export function progressLine(stream: NodeJS.WriteStream = process.stderr): Progress {
  let what = ''
  let due = false
  const draw = () => {
    if (due) stream.write(`\r\u001b[2K… ${what}`)
  }
  const hide = () => {
    if (due) stream.write('\r\u001b[2K')
  }
  const begin = () => {
    due = true
    draw()
  }
  const timer = stream.isTTY ? setTimeout(begin, 1000) : undefined
  timer?.unref()
  return {
    show(next) {
      what = next
      draw()
    },
    hide,
    clear() {
      clearTimeout(timer)
      hide()
      due = false
    },
  }
}
