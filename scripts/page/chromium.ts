// A Chromium for the tests of pages: whichever is installed. Tests only.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env.GRADUS_CHROMIUM,
  '/usr/bin/chromium-headless-shell', // the same without windows: two thirds of the work
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

export const chromiumPath = places.find((place) => place !== undefined && existsSync(place))

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium here; GRADUS_CHROMIUM can name one')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--js-flags=--no-turbofan --no-maglev', // scripts that run for a second at most: what is spent on optimizing them does not come back
    ],
  })
}

/** Declares tests that need a browser. Where there is none, one test stands for them; it fails in CI, where they must run. */
export function withChromium(declare: () => void): void {
  if (chromiumPath !== undefined) {
    // A block of its own, so that what they have started has ended before the folders that it works in are removed.
    describe('in a browser', declare)
    return
  }
  test('there is no Chromium here, so the tests that need one are left out (GRADUS_CHROMIUM can name one)', () => {
    expect(process.env.CI).toBeFalsy()
  })
}
