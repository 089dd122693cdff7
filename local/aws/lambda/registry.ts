/** What is told of a function; the stack tells it of each. */
export type FunctionFacts = {
  name: string
  arn: string
  description: string
  runtime: string
  handler: string
  timeoutSeconds: number
  memoryMb: number
  roleArn: string
  environment: Readonly<Record<string, string>>
  logGroup: string
  recursiveLoop: 'Allow' | 'Terminate'
  versions: readonly string[]
  aliases: readonly { name: string; arn: string; version: string }[]
}

type MappingState = 'Enabled' | 'Enabling' | 'Disabled' | 'Disabling'

/** A queue that feeds a function, and how that is begun and ended. */
export type Mapping = {
  uuid: string
  functionArn: string
  queueArn: string
  batchSize: number
  windowSeconds: number
  reportsFailures: boolean
  maximumConcurrency: number | undefined
  enabled: boolean
  enable(): void
  /** Resolves when nothing is asked of the queue any more. */
  disable(): Promise<void>
}

export type Kept = Mapping & { state: MappingState; changedAt: number; reason: string }

/** What Lambda's API knows; empty until a stack has told it. */
export function createRegistry(now: () => number) {
  const functions = new Map<string, FunctionFacts>()
  const mappings = new Map<string, Kept>()
  return {
    functions,
    mappings,
    /** What the stack tells. The same again replaces it. */
    told: {
      addFunction: (facts: FunctionFacts) => void functions.set(facts.name, facts),
      addMapping: (mapping: Mapping) =>
        void mappings.set(mapping.uuid, {
          ...mapping,
          ...{ state: mapping.enabled ? 'Enabled' : 'Disabled', changedAt: now(), reason: 'USER_INITIATED' },
        }),
    },
  }
}

export type Registry = ReturnType<typeof createRegistry>
/** How a stack tells what there is. */
export type LambdaFacts = Registry['told']
