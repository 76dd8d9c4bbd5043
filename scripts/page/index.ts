// The pages: lessons and the first page as HTML, fragments for results, and what the pages load.
export { type Asset, pageAssets } from './assets'
export { contentSecurityPolicy, type Live, type PageOptions, progress } from './frame'
export { captionOf, type DrawingData, graphDetails, graphFigure, graphPicture } from './graph'
export { indexPage } from './indexPage'
export { type LessonPageOptions, lessonHtml, lessonPage } from './lessonPage'
export { pageAsset } from './pageAsset'
export {
  type LessonFragments,
  lessonFragments,
  lessonMark,
  type Showing,
  type TaskFragment,
  type TaskState,
} from './result'
export { searchFile, searchScript } from './searchTexts'
export { pageFile, pageHref } from './site'
export { wordsOf } from './words'
