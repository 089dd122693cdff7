import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { EXPLAINED } from './explained.ts'
import type { MutationOptions } from './options.ts'
import { findingsText, jsonLine, readable } from './report.ts'
import type { Subject } from './subjects.ts'
import { SEED_VARIABLE, TESTS_VARIABLE } from './variables.ts'
import { isGood, type Mutant, mutantsSchema, type Verdict, verdictOf } from './verdict.ts'

type Output = { write(text: string): unknown }

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Runs one subject after the other. @returns the exit status */
export async function runMutation(
  options: MutationOptions,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const { seed, subjects, json, breaks } = options
  if (breaks !== null && !json) stderr.write(`Broken on purpose: ${breaks}\n`)
  const verdicts: Verdict[] = []
  for (const subject of subjects) {
    const begun = performance.now()
    const mutants = await mutantsOf(subject, options)
    const sources = new Map<string, string>()
    for (const name of new Set(mutants.map(({ fileName }) => fileName))) sources.set(name, await readFile(name, 'utf8'))
    const seconds = Math.round((performance.now() - begun) / 1_000)
    verdicts.push(verdictOf(subject.name, mutants, sources, { root: ROOT, explained: EXPLAINED, seconds }))
  }
  if (!json) for (const line of readable(verdicts)) stderr.write(`${line}\n`)
  for (const line of verdicts.flatMap(findingsText)) stderr.write(`${line}\n`)
  stdout.write(`${jsonLine(verdicts, seed)}\n`)
  return verdicts.length > 0 && verdicts.every(isGood) ? 0 : 1
}

/** None when Stryker could not do its work; it has said why. */
async function mutantsOf(subject: Subject, { seed, json, breaks }: MutationOptions): Promise<Mutant[]> {
  const tests = breaks === null ? [...subject.own, ...subject.others] : subject.others
  const { name, mutate } = subject
  const what = [JSON.stringify({ name, mutate })]
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), what, {
    cwd: ROOT,
    env: { ...process.env, [TESTS_VARIABLE]: tests.join(','), [SEED_VARIABLE]: String(seed) },
    // Standard output is for the one line.
    stdio: ['ignore', json ? 'ignore' : 2, 2, 'ipc'],
  })
  return new Promise((resolve, reject) => {
    let mutants: Mutant[] = []
    worker.on('message', (message) => {
      mutants = mutantsSchema.parse(message)
    })
    worker.once('error', reject)
    worker.once('exit', () => resolve(mutants))
  })
}
