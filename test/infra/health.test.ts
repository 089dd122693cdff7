import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentOf } from './support/rights.ts'
import { find, ofType, type Resource, type Synth, synth } from './support/template.ts'

const isHealth = ({ id }: Resource) => id.startsWith('Health')
const ofHealth = ({ service }: Synth) =>
  Object.entries(service.Resources).filter(([id, resource]) => isHealth({ id, ...resource }))

describe('health', () => {
  let built: Synth
  beforeAll(() => {
    built = synth({ pulse: { clickupStatus: false }, reports: { timeZone: 'Europe/Berlin' } })
  })
  afterAll(() => built.remove())

  it('is asked by GET or HEAD at the address of the webhooks, by anybody', () => {
    const routes = ofType(built.service, 'AWS::ApiGatewayV2::Route').filter(isHealth)
    expect(routes.map(({ Properties }) => [Properties['RouteKey'], Properties['AuthorizationType']])).toEqual([
      ['GET /health', 'NONE'],
      ['HEAD /health', 'NONE'],
    ])
    const apis = ofType(built.service, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties['ApiId'])
    expect(new Set(apis.map((api) => JSON.stringify(api))).size).toBe(1)
  })

  it('knows neither an address to write to nor a secret', () => {
    const health = find(built.service, 'AWS::Lambda::Function', isHealth)
    expect(Object.keys(environmentOf(built, health)).sort()).toEqual(['HOOKLINE_CONNECTIONS', 'STATE_TABLE'])
  })

  it('leaves it to the config whether the pulse asks for ClickUp’s status page, and when people work', () => {
    const pulse = find(built.service, 'AWS::Lambda::Function', ({ id }) => id.startsWith('Pulse'))
    expect(JSON.parse(environmentOf(built, pulse)['HOOKLINE_PULSE'] ?? '')).toMatchObject({
      clickupStatus: false,
      workingTime: { timeZone: 'Europe/Berlin' },
    })
  })
})

it('health can be left out', () => {
  const built = synth({ health: false })
  expect(ofHealth(built)).toEqual([])
  built.remove()
})
