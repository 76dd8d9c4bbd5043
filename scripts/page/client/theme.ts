// Before the first paint: light or dark, as the reader chose.
/// <reference lib="dom" />
try {
  const theme = localStorage.getItem('gradus-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Where nothing may be stored, the system decides.
}
