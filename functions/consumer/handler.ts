import { handlerOf } from './handle.ts'

export const handler = handlerOf()
