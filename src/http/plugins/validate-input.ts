import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifySchemaCompiler } from 'fastify'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import type { TSchema } from 'typebox'

interface ParameterSchema {
  readonly type?: string
  readonly anyOf?: unknown
}

/**
 * Validates as the type provider does, and before that says of query parameters what its conversion hides: it makes 1 of `1.5` and of
 * `true`, and of a parameter that is given twice it knows only that it is no string.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = (route) => {
  const validate = TypeBoxValidatorCompiler(route)
  if (route.httpPart !== 'querystring') return validate
  const { properties = {} } = route.schema as { readonly properties?: Readonly<Record<string, ParameterSchema>> }
  const parameters = Object.entries(properties)
  return (query: Readonly<Record<string, unknown>>) => {
    const error = parameters.flatMap(([name, schema]) => mistakeIn(name, query[name], schema))
    return error.length > 0 ? { error } : validate(query)
  }
}

function mistakeIn(name: string, value: unknown, { type, anyOf }: ParameterSchema): FastifySchemaValidationError[] {
  const mistake = (message: string) => [{ keyword: 'parameter', instancePath: `/${name}`, schemaPath: '', params: {}, message }]
  if (Array.isArray(value) && type !== 'array' && anyOf === undefined) return mistake('is given more than once: send it once')
  if (type === 'integer' && typeof value === 'string' && !/^-?\d+$/.test(value)) return mistake('must be a whole number')
  return []
}
