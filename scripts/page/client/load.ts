// What a page needs only sometimes is a script of its own, loaded when it is needed. Scripts, unlike fetched data, also load from a folder.
/// <reference lib="dom" />

const loading = new Map<string, Promise<void>>()

/** Loads assets/NAME once. */
export function load(name: string): Promise<void> {
  const before = loading.get(name)
  if (before) return before
  const done = new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = `${document.documentElement.dataset.root}assets/${name}`
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => {
      loading.delete(name)
      reject(new Error(`assets/${name} could not be loaded`))
    })
    document.head.append(script)
  })
  loading.set(name, done)
  return done
}
