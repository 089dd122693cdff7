import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseWordList, type WordList } from './word-list.ts'

/** A folder and a file, and no way out of the folder of prompts. */
const NAME = /^[a-z0-9-]+\/[a-z0-9-]+(?:\.[a-z0-9-]+)*$/

/** A prompt is sent with every question: what is longer was not meant to be one. */
const MAX_BYTES = 20_000

const PLACEHOLDERS = ['audience', 'field', 'options'] as const
type Placeholder = (typeof PLACEHOLDERS)[number]

/** A version of a prompt. `words`: those that its statements may be made of; null for one that asks for none. */
export type Prompt = { name: string; text: string; words: WordList | null }

/**
 * A prompt and, where there is one, its word list.
 *
 * @param directory the folder of all prompts
 * @param name its path there without the ending, such as `standup/v1`
 * @throws Error that says in one sentence which file is wrong, and why
 */
export async function readPrompt(directory: string, name: string): Promise<Prompt> {
  if (!NAME.test(name)) {
    throw new Error(`"${name}" is no name of a prompt: it has a folder and a version, as standup/v1.`)
  }
  const file = `prompts/${name}.md`
  const text = await readBounded(directory, `${name}.md`)
  if (text === null) throw new Error(`There is no prompt ${file}: make it, or name another version in the config.`)
  if (text.trim() === '') throw new Error(`The prompt ${file} is empty: write down what the model is to do.`)
  for (const [whole, key = ''] of text.matchAll(/\{\{([^{}]*)\}\}/g)) {
    if (!isPlaceholder(key.trim())) {
      const known = PLACEHOLDERS.map((each) => `{{${each}}}`).join(', ')
      throw new Error(`The prompt ${file} has ${whole}, which is none of ${known}.`)
    }
  }
  const words = await readBounded(directory, `${name}.words.txt`)
  return { name, text, words: words === null ? null : parseWordList(words, `prompts/${name}.words.txt`) }
}

/** The words that the statements of a prompt may be made of. @throws Error where it has none */
export function wordsOf({ name, words }: Prompt): WordList {
  if (words !== null) return words
  throw new Error(
    `The prompt prompts/${name}.md has no word list: copy prompts/standup/v1.words.txt to prompts/${name}.words.txt.`,
  )
}

async function readBounded(directory: string, file: string): Promise<string | null> {
  const bytes = await readFile(join(directory, file)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new Error(`prompts/${file} cannot be read: look at its rights.`, { cause: error })
  })
  if (bytes !== null && bytes.length > MAX_BYTES) {
    throw new Error(`prompts/${file} is longer than ${MAX_BYTES} bytes: shorten it.`)
  }
  return bytes?.toString('utf8') ?? null
}

const isPlaceholder = (key: string): key is Placeholder => PLACEHOLDERS.some((each) => each === key)

/** The text with its placeholders filled; what is filled in is text and no placeholder any more. */
export const filledPrompt = (text: string, values: Partial<Record<Placeholder, string>>): string =>
  text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, key: string) => (isPlaceholder(key) ? (values[key] ?? whole) : whole))

/** The versions of a folder such as `standup`, by number where they have one: v2 before v10. None where there is no such folder. */
export async function listPrompts(directory: string, folder: string): Promise<string[]> {
  if (!/^[a-z0-9-]+$/.test(folder)) return []
  const files = await readdir(join(directory, folder)).catch(() => [])
  return files
    .flatMap((file) => (file.endsWith('.md') && NAME.test(`${folder}/${file.slice(0, -3)}`) ? [file.slice(0, -3)] : []))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}
