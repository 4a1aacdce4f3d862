import { Router } from 'express';
import { ENTITLEMENT_SCHEMA, ROLE_SCHEMA } from '../directory/catalogue/offers.js';
import type { SchemaDefinition } from '../directory/catalogue/attribute.js';
import { entitlementOffers, roleOffers, type Offer, type PhoneSystems } from '../directory/phone-systems.js';
import { AppError } from '../domain/errors.js';
import { renderList } from './render.js';
import { ScimReply } from './reply.js';
import type { ScimRequest } from './request.js';

/** A read-only resource type that lists what people can be given. */
export interface OfferType {
  readonly endpoint: '/Roles' | '/Entitlements';
  readonly schema: SchemaDefinition;
  list(phoneSystems: PhoneSystems, tenantId: string): Promise<readonly Offer[]>;
}

export const OFFER_TYPES: readonly OfferType[] = [
  { endpoint: '/Roles', schema: ROLE_SCHEMA, list: () => Promise.resolve(roleOffers()) },
  {
    endpoint: '/Entitlements',
    schema: ENTITLEMENT_SCHEMA,
    list: async (phoneSystems, tenantId) => entitlementOffers(await phoneSystems.readOffers(tenantId)),
  },
];

/** GET /Roles and /Entitlements, which Okta reads to let admins assign what the phone systems offer. */
export function makeOfferRouter(
  phoneSystems: PhoneSystems,
  requestOf: (request: object) => ScimRequest,
): Router {
  const router = Router();
  for (const type of OFFER_TYPES) {
    router.get(type.endpoint, async (request, response) => {
      response.send(await listOffers(type, phoneSystems, requestOf(request)));
    });
    router.get(`${type.endpoint}/:id`, async (request, response) => {
      response.send(await readOffer(type, phoneSystems, requestOf(request), request.params.id));
    });
    router.all([type.endpoint, `${type.endpoint}/:id`], () => {
      throw new AppError(
        'capability',
        `${type.endpoint} can only be read: the phone systems decide what is there.`,
      );
    });
  }
  return router;
}

async function listOffers(
  type: OfferType,
  phoneSystems: PhoneSystems,
  { query, tenantId, baseUrl }: ScimRequest,
): Promise<ScimReply> {
  if (query.filter !== null) {
    throw new AppError('invalid', `${type.endpoint} cannot be filtered.`, { scimType: 'invalidFilter' });
  }
  const offers = await type.list(phoneSystems, tenantId);
  const page = offers.slice(query.startIndex - 1, query.startIndex - 1 + query.count);
  const envelope = { totalResults: offers.length, startIndex: query.startIndex, nextCursor: null };
  return new ScimReply(
    200,
    renderList(
      envelope,
      page.map((offer) => renderOffer(type, offer, baseUrl)),
    ),
  );
}

async function readOffer(
  type: OfferType,
  phoneSystems: PhoneSystems,
  { tenantId, baseUrl }: ScimRequest,
  id: string,
): Promise<ScimReply> {
  const offer = (await type.list(phoneSystems, tenantId)).find((candidate) => candidate.id === id);
  if (offer === undefined) throw new AppError('notFound', `There is no ${type.schema.name} of that id.`);
  return new ScimReply(200, renderOffer(type, offer, baseUrl));
}

function renderOffer({ endpoint, schema }: OfferType, offer: Offer, baseUrl: string): string {
  const location = `${baseUrl}${endpoint}/${encodeURIComponent(offer.id)}`;
  return JSON.stringify({ schemas: [schema.id], ...offer, meta: { resourceType: schema.name, location } });
}
