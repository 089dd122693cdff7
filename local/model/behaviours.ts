/** How the model or its server behaves: as it should, or in one of the ways in which real ones misbehave. */
export const BEHAVIOURS = [
  'good',
  // Over HTTP.
  'slow',
  'silent',
  'rateLimited',
  'rateLimitedBriefly',
  'serverError',
  'overloaded',
  'noRight',
  'noModel',
  'profileOnly',
  'elsewhere',
  'disconnected',
  'cutOff',
  'notJson',
  'huge',
  'endless',
  // In what is said.
  'empty',
  'prose',
  'fenced',
  'brokenJson',
  'wrongShape',
  'unfinished',
  'refuses',
  'noUsage',
  'absurdUsage',
  // In what the statements say.
  'madeUpFacts',
  'madeUpRefs',
  'madeUpNumbers',
  'forgetful',
  'uncited',
  'links',
  'obeys',
] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

/** One for all requests, or one for each: the last stays. */
export type Script = Behaviour | readonly [Behaviour, ...Behaviour[]]

export const at = (script: Script, index: number): Behaviour => {
  if (typeof script === 'string') return script
  return script[Math.min(index, script.length - 1)] ?? script[0]
}
