import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toRequest } from '../../functions/verifier/request.ts'

fc.configureGlobal({ seed: 20_260_101 })

const USUAL = {
  version: '2.0',
  headers: { 'x-signature': 'ab' },
  requestContext: { requestId: 'AbCdEfGhIjKlMnO=' },
  pathParameters: { connection: 'acme', slot: 'a' },
  body: '{}',
  isBase64Encoded: false,
}
const READ = {
  ...{ connection: 'acme', slot: 'a', headers: { 'x-signature': 'ab' }, body: '{}', isBase64: false },
  deliveryId: 'AbCdEfGhIjKlMnO=',
}
const NOTHING = {
  pathParameters: { connection: '', slot: '' },
  requestContext: { deliveryId: undefined },
  ...{ headers: { headers: {} }, body: { body: undefined }, isBase64Encoded: { isBase64: false } },
} as const

describe("an HTTP API's event", () => {
  it('is read as it always comes', () => {
    expect(toRequest(USUAL)).toEqual(READ)
  })

  it.each(Object.entries(NOTHING))('loses nothing else when its %s is missing or of another type', (part, left) => {
    const { connection, slot, ...rest } = { ...READ, ...left }
    const expected = part === 'pathParameters' ? { ...READ, connection: '', slot: '' } : { connection, slot, ...rest }
    for (const odd of [undefined, null, 5]) expect(toRequest({ ...USUAL, [part]: odd })).toEqual(expected)
  })

  it('has no id when that is none of API Gateway', () => {
    for (const requestId of [undefined, 5, '', 'with space', 'x'.repeat(65)])
      expect(toRequest({ ...USUAL, requestContext: { requestId } })).toEqual({ ...READ, deliveryId: undefined })
  })

  it('may be anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        expect(toRequest(event)).toMatchObject({ connection: '', slot: '', isBase64: false })
      }),
    )
  })
})
