import { Command } from 'commander'
import type { Io } from '../io.ts'
import { rotateSigningCommand } from './rotate-signing.ts'
import { rotateTokenCommand } from './rotate-token.ts'

export const rotateCommand = (io: Io): Command =>
  new Command('rotate')
    .summary('gives a connection a new signing secret or API token')
    .description('Gives a connection a new signing secret or API token while deliveries go on.')
    .addCommand(rotateSigningCommand(io))
    .addCommand(rotateTokenCommand(io))
    .helpCommand(false)
