import type { AskModel } from './model.ts'

/** Where no model is configured: nobody is asked, nothing is spent, and it is no failure. */
export const notConfigured: AskModel = async () => ({
  ...{ kind: 'nothing', why: 'notConfigured', reason: 'No model is configured.' },
  ...{ tokens: { input: 0, output: 0 }, costUsd: 0 },
})
