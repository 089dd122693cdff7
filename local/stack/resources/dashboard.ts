import * as z from 'zod'
import { parseJson } from '../../../core/platform/json.ts'
import { templateError } from '../errors.ts'
import { arnOf, kind, physicalName } from './kind.ts'

const bodySchema = z.looseObject({ widgets: z.array(z.looseObject({ type: z.string() })).max(500) })

/** Nobody looks at a dashboard here; what CloudWatch would refuse of it is refused. */
export const dashboard = kind({
  schema: z.strictObject({ DashboardName: z.string().optional(), DashboardBody: z.string() }),
  ignores: ['Tags'],
  make({ DashboardName, DashboardBody }, resource) {
    const body = bodySchema.safeParse(parseJson(DashboardBody))
    if (!body.success) throw templateError(resource.where, 'its body is not the JSON of a dashboard with widgets')
    return { ref: DashboardName ?? physicalName(resource, 255), attributes: {} }
  },
})

/** A saved query: a text for people, in which only the log groups can be checked. */
export const queryDefinition = kind({
  schema: z.strictObject({
    Name: z.string().min(1),
    QueryString: z.string().min(1).max(10_000),
    LogGroupNames: z.array(z.string()).max(50).optional(),
    QueryLanguage: z.literal('CWLI').optional(),
  }),
  ignores: [],
  make(_properties, resource, deployment) {
    const id = arnOf(deployment, 'logs', `query-definition:${resource.logicalId}`)
    return { ref: id, attributes: { QueryDefinitionId: id } }
  },
})
