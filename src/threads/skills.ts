import { isPicture } from '../dita/sniff.ts'
import { cutExcerpts } from './cut-excerpts.ts'
import { readContent } from './read-content.ts'
import { createResolver } from './resolve-order.ts'
import type { ThreadSkills } from './serve-tasks.ts'

/** What our threads can do. */
export const skills: ThreadSkills = { read: readContent, isPicture, resolver: createResolver, excerpts: cutExcerpts }
