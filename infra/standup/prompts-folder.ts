import { join } from 'node:path'

/** Where the prompts are. */
export const PROMPTS = join(import.meta.dirname, '..', '..', 'prompts')
