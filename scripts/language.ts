// Which language the learner reads: what they ask for, else GRADUS_LANG, else that of their system; English if it is none of ours.
import { type Language, languages, Misuse } from './course'

export function chooseLanguage(asked?: string): Language {
  if (asked !== undefined) {
    const language = languages.find((each) => asked.toLowerCase().startsWith(each))
    if (!language) throw new Misuse(`There is no language ${asked}; there are ${languages.join(' and ')}.`)
    return language
  }
  const { GRADUS_LANG, LC_ALL, LC_MESSAGES, LANG } = process.env
  const system = (GRADUS_LANG || LC_ALL || LC_MESSAGES || LANG || '').toLowerCase()
  return languages.find((each) => system.startsWith(each)) ?? 'en'
}
