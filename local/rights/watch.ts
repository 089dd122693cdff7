import * as z from 'zod'
import { parseJson } from '../../core/platform/json.ts'
import type { AwsGateway } from '../aws/gateway.ts'

const lineSchema = z.looseObject({ level: z.string(), message: z.string(), reason: z.string().optional() })

/** A call by whoever has the key, on one of its resources. */
type Call = { accessKeyId: string; action: string; resource: string }

/** A line, and the reason that it gives if it gives one. */
type Said = { message: string; reason?: string | undefined }

/** What shows at the edges while a turn is played: calls that were judged, and lines that call for somebody. */
export type Watch = {
  /** To be given each line that a function writes. */
  onLog(functionName: string, line: string): void
  listenTo(gateway: Pick<AwsGateway, 'onJudged'>): void
  /** Forgets what was. */
  begin(): void
  /** Lines at the level ERROR since then. */
  errors(): readonly Said[]
  /** What the function with this key was refused since then. */
  refusedTo(accessKeyId: string): readonly Call[]
  /** What it called and may. */
  allowedTo(accessKeyId: string): readonly Call[]
}

export function createWatch(): Watch {
  let errors: Said[] = []
  let refused: Call[] = []
  let allowed: Call[] = []
  return {
    onLog(_functionName, line) {
      const parsed = lineSchema.safeParse(parseJson(line))
      if (parsed.success && parsed.data.level === 'ERROR') errors.push(parsed.data)
    },
    listenTo(gateway) {
      gateway.onJudged(({ principal: { accessKeyId }, action, resources, allowed: may }) => {
        for (const resource of resources) {
          const judged = may ? allowed : refused
          judged.push({ accessKeyId, action, resource })
        }
      })
    },
    begin() {
      errors = []
      refused = []
      allowed = []
    },
    errors: () => errors,
    refusedTo: (key) => refused.filter(({ accessKeyId }) => accessKeyId === key),
    allowedTo: (key) => allowed.filter(({ accessKeyId }) => accessKeyId === key),
  }
}
