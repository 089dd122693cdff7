import * as z from 'zod'
import type { ConfigInput } from '../../../infra/config.ts'
import { readable, rightsOf } from './rights.ts'
import { find, type Synth } from './template.ts'

/** A stage with a summary in two of its three connections, a recipe of each kind, and the default model. */
export const WITH_STANDUP: ConfigInput = {
  connections: [{ name: 'main' }, { name: 'ops' }, { name: 'quiet' }],
  standup: {
    model: {},
    summaries: [
      { name: 'daily', timeZone: 'Europe/Berlin', days: ['mon', 'fri'], at: '09:05', to: { event: true } },
      { name: 'ops', connection: 'ops', at: '17:30', to: { comment: { task: '86c2k4x7q' } } },
    ],
    recipes: [
      { name: 'note', on: { status: 'Done' }, comment: true },
      { name: 'risk', on: { at: '18:00', timeZone: 'Asia/Tokyo' }, fill: { field: 'Risk' } },
    ],
  },
}

/** One with a template alone. */
export const WITHOUT_MODEL: ConfigInput = { standup: { summaries: [{ name: 'daily', to: { event: true } }] } }

export const standupFunction = ({ service }: Synth) =>
  find(service, 'AWS::Lambda::Function', ({ Properties }) => Properties['FunctionName'] === 'hookline-prod-standup')

/** What the function may do, a line each. */
export const standupRights = (one: Synth) =>
  rightsOf(one, standupFunction(one))
    .map(({ action, resource }) => readable(`${action} on ${resource}`))
    .sort()

/** Where a file lies beside the function's code. */
export const assetOf = (one: Synth) => z.string().parse(standupFunction(one).Metadata['aws:asset:path'])

export const arnOfQueue = ({ service }: Synth, name: string) => ({
  'Fn::GetAtt': [find(service, 'AWS::SQS::Queue', ({ id }) => id.startsWith(name)).id, 'Arn'],
})
