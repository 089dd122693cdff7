/** A function as the template states it. */
export type FunctionDefinition = {
  logicalId: string
  path: string
  name: string
  arn: string
  /** Where its bundle lies. */
  directory: string
  /** `file.export`, the file without its ending. */
  handler: string
  runtime: string
  timeoutSeconds: number
  memoryMb: number
  roleArn: string
  logGroup: string
  logFormat: 'JSON' | 'Text'
  /** What the template gives it, nothing else. */
  environment: Record<string, string>
  /** The template's reserved concurrency; beyond it invocations are throttled. */
  reservedConcurrency: number | undefined
  /** Where an asynchronous invocation goes that failed for good. */
  deadLetterArn: string | undefined
  description: string
  /** Only told: nothing here ends loops. */
  recursiveLoop: 'Allow' | 'Terminate'
}
