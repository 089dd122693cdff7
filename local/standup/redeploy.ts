import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type StandupSettings, standupSettingsSchema } from '../../core/standup/settings.ts'
import type { RunningStack } from '../stack/stack.ts'

export type Standup = RunningStack['functions'][number]

/** @throws Error where the template has no such function */
export function standupOf({ functions }: Pick<RunningStack, 'functions'>): Standup {
  const found = functions.find(({ name }) => name.endsWith('-standup'))
  if (found === undefined) throw new Error('The template has no function that tells summaries')
  return found
}

/** Gives the function other variables, as a deployment does: whatever is cold then finds them. */
export function setEnvironment(standup: Standup, variables: Record<string, string>): void {
  Object.assign(standup.environment, variables)
  restart(standup)
}

/** Changes what the function was deployed with. */
export function changeSettings(standup: Standup, change: (settings: StandupSettings) => StandupSettings): void {
  const path = join(directoryOf(standup), 'standup.json')
  const settings = standupSettingsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  writeFileSync(path, JSON.stringify(standupSettingsSchema.parse(change(settings))))
  restart(standup)
}

/** Where the function's bundle and its files are: in this run's own assembly, which nobody else reads. */
export const directoryOf = ({ environment }: Standup): string => {
  const directory = environment['LAMBDA_TASK_ROOT']
  if (directory === undefined) throw new Error('The function does not say where its bundle is')
  return directory
}

/** Each of its processes ends when it has answered, so that the next message starts another. */
export function restart(standup: Standup): void {
  for (const { pid } of standup.processes()) standup.recycle(pid)
}
