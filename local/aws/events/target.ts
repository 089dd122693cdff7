type InputTransformer = { inputPathsMap?: Record<string, string>; inputTemplate: string }

/** One target of a rule; at most one of the three ways to say what it gets, by default the event. */
export type RuleTarget = {
  id: string
  arn: string
  /** JSON text that the target gets instead of the event. */
  input?: string
  inputPath?: string
  inputTransformer?: InputTransformer
  /** The queue that takes what could not be delivered. */
  deadLetterArn?: string
}
