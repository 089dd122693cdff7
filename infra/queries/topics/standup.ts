import type { SavedQuery } from '../query.ts'

/** Summaries, recipes, and the model that says them. Of stages that have them. */
export const STANDUP: readonly SavedQuery[] = [
  {
    name: 'Summaries',
    question: 'What was told, by whom, what did it cost, and what was removed or failed?',
    logsOf: ['standup'],
    needs: 'standup',
    query: `fields @timestamp, name, due, outcome, saidBy, why, model, prompt, statements, added, removed, tokensIn, tokensOut, costUsd, outputs, failed
| filter message = "summary"
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'StandupTroubles',
    question: 'What kept summaries and recipes from being done, or the model from answering?',
    logsOf: ['standup'],
    needs: 'standup',
    query: `fields @timestamp, level, message, name, job.name, outcome, status, reason, error.name, error.message
| filter level in ["WARN", "ERROR"]
| sort @timestamp desc
| limit 200`,
  },
]
