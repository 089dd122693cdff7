import { readFile, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { type Command, commandSchema } from './command.ts'

/** A run that has failed once: it is played again with every run of the suite. */
const keptSchema = z.object({
  /** Of the workspace and of all that chance decides. */
  seed: z.number().int(),
  /** What was wrong, in a sentence. */
  why: z.string(),
  commands: z.array(commandSchema),
})
export type Kept = z.infer<typeof keptSchema>

const KEPT_FILE = new URL('../../test/soak/seeds.json', import.meta.url)

/** @throws Error if the file is not one of ours */
export const readKept = async (file: URL = KEPT_FILE): Promise<Kept[]> =>
  z.array(keptSchema).parse(JSON.parse(await readFile(file, 'utf8')))

/** Adds a run to the file, once. */
export async function keep(run: Kept, file: URL = KEPT_FILE): Promise<void> {
  const kept = await readKept(file)
  const isThere = kept.some(({ seed, commands }) => seed === run.seed && isSame(commands, run.commands))
  if (isThere) return
  const lines = [...kept, run].map((each) => `  ${JSON.stringify(each)}`)
  await writeFile(file, `[\n${lines.join(',\n')}\n]\n`)
}

const isSame = (a: readonly Command[], b: readonly Command[]) => JSON.stringify(a) === JSON.stringify(b)
