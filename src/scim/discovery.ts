import { Router } from 'express';
import type { AttributeDefinition, SchemaDefinition } from '../directory/catalogue/attribute.js';
import { RESOURCE_TYPES, schemasOf } from '../directory/schema-catalogue.js';
import { AppError } from '../domain/errors.js';
import type { ScimLimits } from './limits.js';
import { OFFER_TYPES } from './offers.js';
import { renderList } from './render.js';
import { ScimReply } from './reply.js';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';

export interface DiscoveryDeps {
  readonly limits: ScimLimits;
  /** Whether OAuth access tokens are accepted beside static bearer tokens. */
  readonly oauth: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * /ServiceProviderConfig, /Schemas and /ResourceTypes (RFC 7644 section 4), said from the schema catalogue. `baseUrlOf`
 * tells the SCIM base URL of a request.
 */
export function makeDiscoveryRouter(
  deps: DiscoveryDeps,
  baseUrlOf: (request: { readonly originalUrl: string }) => string,
): Router {
  const router = Router();
  router.get('/ServiceProviderConfig', (request, response) => {
    response.send(json(serviceProviderConfig(deps, baseUrlOf(request))));
  });
  serveList(router, '/Schemas', baseUrlOf, allSchemas);
  serveList(router, '/ResourceTypes', baseUrlOf, allResourceTypes);
  return router;
}

/** The whole list, and each element by its id. A filter is refused with 403 (RFC 7644 section 4). */
function serveList(
  router: Router,
  path: string,
  baseUrlOf: (request: { readonly originalUrl: string }) => string,
  list: (baseUrl: string) => readonly (JsonObject & { readonly id: string })[],
): void {
  router.get(path, (request, response) => {
    if (request.originalUrl.includes('filter=')) {
      throw new AppError('forbidden', `${path} cannot be filtered. Ask for all of it or for one by its id.`);
    }
    const resources = list(baseUrlOf(request)).map((resource) => JSON.stringify(resource));
    const envelope = { totalResults: resources.length, startIndex: 1, nextCursor: null };
    response.send(new ScimReply(200, renderList(envelope, resources)));
  });
  router.get(`${path}/:id`, (request, response) => {
    const id = request.params.id.toLowerCase();
    const found = list(baseUrlOf(request)).find((resource) => resource.id.toLowerCase() === id);
    if (found === undefined)
      throw new AppError('notFound', `There is no ${path.slice(1)} element of that id.`);
    response.send(json(found));
  });
}

function json(body: JsonObject): ScimReply {
  return new ScimReply(200, JSON.stringify(body));
}

function serviceProviderConfig({ limits, oauth }: DiscoveryDeps, baseUrl: string): JsonObject {
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: limits.operations, maxPayloadSize: limits.largeBodyBytes },
    filter: { supported: true, maxResults: limits.pageSizeMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: limits.pageSizeDefault,
      maxPageSize: limits.pageSizeMax,
      cursorTimeout: limits.cursorTimeoutSeconds,
    },
    authenticationSchemes: [BEARER, ...(oauth ? [OAUTH] : [])],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

const BEARER = {
  type: 'oauthbearertoken',
  name: 'OAuth Bearer Token',
  description: 'A token created in Patchbay, sent as a bearer token.',
  specUri: 'https://www.rfc-editor.org/info/rfc6750',
  primary: true,
};

const OAUTH = {
  type: 'oauth2',
  name: 'OAuth 2.0',
  description: 'Client credentials, or a workload identity token of the identity provider.',
  specUri: 'https://www.rfc-editor.org/info/rfc6749',
  primary: false,
};

function allSchemas(baseUrl: string): readonly (JsonObject & { readonly id: string })[] {
  const schemas = Object.values(RESOURCE_TYPES).flatMap((type) => schemasOf(type.name));
  const offers = OFFER_TYPES.map(({ schema }) => schema);
  return [...schemas, ...offers].map((schema) => describeSchema(schema, baseUrl));
}

function describeSchema(schema: SchemaDefinition, baseUrl: string): JsonObject & { readonly id: string } {
  return {
    schemas: [`${CORE}:Schema`],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(describeAttribute),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function describeAttribute(definition: AttributeDefinition): JsonObject {
  const { canonicalValues, referenceTypes, subAttributes, ...plain } = definition;
  return {
    ...plain,
    ...(canonicalValues.length === 0 ? {} : { canonicalValues }),
    ...(referenceTypes.length === 0 ? {} : { referenceTypes }),
    ...(subAttributes.length === 0 ? {} : { subAttributes: subAttributes.map(describeAttribute) }),
  };
}

function allResourceTypes(baseUrl: string): readonly (JsonObject & { readonly id: string })[] {
  const resources = Object.values(RESOURCE_TYPES).map(({ name, core, extensions }) => ({
    endpoint: `/${name}s`,
    schema: core,
    extensions,
  }));
  const offers = OFFER_TYPES.map(({ endpoint, schema }) => ({ endpoint, schema, extensions: [] }));
  return [...resources, ...offers].map((type) => describeResourceType(type, baseUrl));
}

interface DescribedType {
  readonly endpoint: string;
  readonly schema: SchemaDefinition;
  readonly extensions: readonly SchemaDefinition[];
}

function describeResourceType(
  { endpoint, schema, extensions }: DescribedType,
  baseUrl: string,
): JsonObject & { readonly id: string } {
  const { name } = schema;
  return {
    schemas: [`${CORE}:ResourceType`],
    id: name,
    name,
    description: schema.description,
    endpoint,
    schema: schema.id,
    schemaExtensions: extensions.map((extension) => ({ schema: extension.id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  };
}
