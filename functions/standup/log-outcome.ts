import type { StandupJob } from '../../core/standup/job.ts'
import type { RecipeOutcome } from '../../core/standup/recipes/outcome.ts'
import type { StandupServices } from '../../core/standup/services.ts'
import type { Told } from '../../core/standup/tell.ts'

type Logging = Pick<StandupServices, 'log'>
type Of<Job extends StandupJob['job']> = Extract<StandupJob, { job: Job }>
/** What is over: what has to wait is told by whoever puts it off. */
type Over<Outcome extends { kind: string }> = Exclude<Outcome, { kind: 'again' }>

/** One line for each time that a summary is due: who has said it, what that took, where it went. Nothing of what it says. */
export function logSummary({ name, at }: Of<'summary'>, told: Over<Told>, { log }: Logging): void {
  const fields = { name, due: new Date(at).toISOString(), outcome: told.kind }
  if (told.kind !== 'told') {
    log[told.kind === 'already' ? 'info' : 'warn']('summary', fields)
    return
  }
  const { summary, outputs, summaryId } = told
  const { by, statements, removed, added, left, tokens, costUsd } = summary
  const states = Object.entries(outputs)
  const failed = states.flatMap(([output, state]) => (state.stage === 'failed' ? [`${output}: ${state.reason}`] : []))
  log[failed.length === 0 ? 'info' : 'warn']('summary', {
    ...{ ...fields, summaryId, saidBy: by.kind },
    ...(by.kind === 'model' ? { model: by.model, prompt: by.prompt } : { why: by.why }),
    ...{ statements: statements.length, added, left },
    removed: Object.values(removed).reduce((sum, count) => sum + count, 0),
    ...{ tokensIn: tokens.input, tokensOut: tokens.output, costUsd },
    outputs: states.map(([output]) => output).join(', '),
    ...(failed.length === 0 ? {} : { failed: failed.join('; ') }),
  })
}

/** One line for each recipe and task. */
export function logRecipe(
  { name, taskId, occasion }: Of<'recipe'>,
  outcome: Over<RecipeOutcome>,
  { log }: Logging,
): void {
  const { kind, ...rest } = outcome
  log[LOUD.has(kind) ? 'warn' : 'info']('recipe', { name, task: taskId, occasion, outcome: kind, ...rest })
}

/** What somebody has to mend: the config, the field, the rights, or what has held it back. */
const LOUD: ReadonlySet<RecipeOutcome['kind']> = new Set<RecipeOutcome['kind']>([
  ...(['unknownName', 'late', 'tooOften', 'noField', 'cannotFill', 'failed'] as const),
])
