import { join } from 'node:path'
import { readPrompt, wordsOf } from '../../../../core/standup/say/prompts.ts'

export const PROMPTS = join(import.meta.dirname, '../../../../prompts')

/** The prompt that is shipped, and its words. */
export const prompt = await readPrompt(PROMPTS, 'standup/v1')
export const words = wordsOf(prompt)
