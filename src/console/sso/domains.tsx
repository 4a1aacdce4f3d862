import type { DomainView } from '../../sso/domains.js';
import { can, type PageContext } from '../kit/context.js';
import { Day } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { CopyValue } from '../parts/copy-value.js';
import { PostForm } from '../parts/post-form.js';
import { TypedConfirmation } from '../parts/typed-confirmation.js';
import { paths } from '../paths.js';

/** E-mail domains that are proven to be the organisation's. */
export function DomainsPage({
  context,
  domains,
}: {
  readonly context: PageContext;
  readonly domains: readonly DomainView[];
}): Markup {
  return (
    <div>
      <PageHead
        title="Domains"
        lead="Addresses of a proven domain are believed: people who sign in are matched with the directory by them. The record must stay: it is looked for every day."
        crumbs={{ href: paths.connections(), label: 'SSO and SCIM' }}
      />
      <Card>
        {domains.length === 0 ? (
          <Empty title="No domain yet">
            <p>Add your e-mail domain, put the record into DNS, and have it looked for.</p>
          </Empty>
        ) : (
          <ul class="rows">
            {domains.map((domain, index) => (
              <DomainLine domain={domain} index={index} context={context} />
            ))}
          </ul>
        )}
        {can(context, 'sso:write') ? (
          <div class="card-body">
            <hr />
            <PostForm action={paths.sso('/domains')} session={context.session} class="confirm">
              <div class="field">
                <label for="domain">Domain</label>
                <input
                  id="domain"
                  name="domain"
                  required
                  maxlength="253"
                  placeholder="example.com"
                  autocomplete="off"
                />
              </div>
              <button class="button" type="submit">
                Add the domain
              </button>
            </PostForm>
          </div>
        ) : null}
      </Card>
    </div>
  );
}

function DomainLine({
  domain,
  index,
  context,
}: {
  readonly domain: DomainView;
  readonly index: number;
  readonly context: PageContext;
}): Markup {
  const { verifiedAt, checkedAt, problem, lostAt } = domain;
  const isProven = verifiedAt !== null && lostAt === null;
  return (
    <li>
      <div class="grow stack-s">
        <p class="strong">{domain.domain}</p>
        {lostAt === null ? null : (
          <p class="small">
            Its people sign in as before, and their addresses are believed, unless another organisation proves
            the domain two weeks later. Put the record back if the domain is yours, or remove the domain if it
            is not any more: an owner decides.
          </p>
        )}
        {isProven && checkedAt !== null ? (
          <p class="quiet small">
            Last seen in DNS on <Day at={checkedAt} />
          </p>
        ) : null}
        {isProven ? null : <Record domain={domain} key={String(index)} />}
        {problem === null ? null : <p class="small">{problem}</p>}
      </div>
      <span class="end">
        <State domain={domain} />
        {can(context, 'sso:write') ? <Actions domain={domain} context={context} /> : null}
      </span>
    </li>
  );
}

function State({ domain: { verifiedAt, lostAt } }: { readonly domain: DomainView }): Markup {
  if (verifiedAt === null) return <Badge tone="warn">Not proven</Badge>;
  if (lostAt !== null) {
    return (
      <Badge tone="bad">
        Record gone since <Day at={lostAt} />
      </Badge>
    );
  }
  return (
    <Badge tone="good">
      Proven <Day at={verifiedAt} />
    </Badge>
  );
}

function Record({ domain, key }: { readonly domain: DomainView; readonly key: string }): Markup {
  return (
    <div class="stack-s">
      <p class="quiet small">Put a TXT record with this name and value into DNS:</p>
      <CopyValue id={`name-${key}`} label={`the name for ${domain.domain}`} value={domain.recordName} />
      <CopyValue id={`value-${key}`} label={`the value for ${domain.domain}`} value={domain.recordValue} />
    </div>
  );
}

function Actions({
  domain: { domain, verifiedAt },
  context,
}: {
  readonly domain: DomainView;
  readonly context: PageContext;
}): Markup {
  return (
    <span class="row">
      <PostForm action={domainPath(domain, 'verify')} session={context.session}>
        <button class="button plain small" type="submit">
          Look for the record<span class="hidden"> of {domain}</span>
        </button>
      </PostForm>
      {verifiedAt === null ? (
        <PostForm action={domainPath(domain, 'remove')} session={context.session}>
          <button class="button plain small" type="submit">
            Remove<span class="hidden"> {domain}</span>
          </button>
        </PostForm>
      ) : (
        <a class="button plain small" href={domainPath(domain, 'remove')}>
          Remove…<span class="hidden"> {domain}</span>
        </a>
      )}
    </span>
  );
}

function domainPath(domain: string, verb: 'verify' | 'remove'): string {
  return paths.sso(`/domains/${encodeURIComponent(domain)}/${verb}`);
}

/** Asks once more before a domain is taken off the list. */
export function RemoveDomainPage({
  context,
  domain: { domain, verifiedAt },
}: {
  readonly context: PageContext;
  readonly domain: DomainView;
}): Markup {
  return (
    <div>
      <PageHead title={`Remove ${domain}?`} crumbs={{ href: paths.sso('/domains'), label: 'Domains' }} />
      <Card>
        <div class="card-body stack">
          {verifiedAt === null ? (
            <p>It is not proven: nobody signs in by it.</p>
          ) : (
            <ul>
              <li>
                Whoever types an address of {domain} on the sign-in page is not led to your identity provider
                any more; the name of your organisation still works.
              </li>
              <li>
                Addresses of {domain} in sign-ins are not believed any more: nobody new is matched with the
                directory by them.
              </li>
              <li>To have it back, the record must be in DNS again.</li>
            </ul>
          )}
          <TypedConfirmation
            action={domainPath(domain, 'remove')}
            session={context.session}
            word={domain}
            button="Remove the domain"
          />
        </div>
      </Card>
    </div>
  );
}
