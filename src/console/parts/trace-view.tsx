import { IDP_WORDS } from '../../sso/idp-words.js';
import type { ArrivedSummary, ExplainedFinding, Trace } from '../../sso/trace.js';
import { formatCount } from '../kit/format.js';
import { icons } from '../layout/icons.js';
import { Fragment, h, type Child, type Markup } from '../markup/markup.js';
import { Card } from './blocks.js';

/** What became of one sign-in: the verdict, what to change, and what arrived. */
export function TraceView({ trace }: { readonly trace: Trace }): Markup {
  return (
    <div class="stack">
      <Verdict trace={trace} />
      {trace.findings.map((finding) => (
        <FindingCard finding={finding} />
      ))}
      {trace.arrived === null ? null : (
        <ArrivedCard arrived={trace.arrived} isOpen={trace.outcome === 'refused'} />
      )}
    </div>
  );
}

function Verdict({ trace }: { readonly trace: Trace }): Markup {
  const isPassed = trace.outcome === 'passed';
  const subject =
    trace.purpose === 'test'
      ? 'The test sign-in'
      : trace.purpose === 'logout'
        ? 'The sign-out'
        : 'The sign-in';
  return (
    <Card>
      <div class="verdict">
        <span class={isPassed ? 'state-mark' : 'state-mark bad'}>
          {isPassed ? <icons.check /> : <icons.alert />}
        </span>
        <div class="stack-s">
          <h2>{isPassed ? `${subject} works` : `${subject} was refused`}</h2>
          {isPassed ? <Granted trace={trace} /> : <Headline trace={trace} />}
          <p class="quiet small">
            Code <code>{trace.friendlyId}</code>
          </p>
        </div>
      </div>
    </Card>
  );
}

function Granted({ trace: { granted, idpKind } }: { readonly trace: Trace }): Markup {
  if (granted === null) return <p>Everything is in order.</p>;
  const { role, groups } = granted;
  return (
    <Fragment>
      <p>
        You would enter as <strong>{role}</strong>.
      </p>
      <p class="quiet">
        {groups === null
          ? `${IDP_WORDS[idpKind].name} sent no groups.`
          : `${formatCount(groups.length, 'group', 'groups')} arrived: ${groups.slice(0, 30).join(', ')}`}
      </p>
    </Fragment>
  );
}

function Headline({ trace: { findings } }: { readonly trace: Trace }): Markup {
  const [first] = findings;
  const rest = findings.length - 1;
  return (
    <p>
      {first?.title ?? 'It did not pass'}
      {rest > 0
        ? `, and ${formatCount(rest, 'thing', 'things')} more. The first one is usually the cause.`
        : '.'}
    </p>
  );
}

function FindingCard({ finding }: { readonly finding: ExplainedFinding }): Markup {
  return (
    <Card title={finding.title}>
      <div class="card-body stack-s">
        <p>{finding.meaning}</p>
        <p class="notice">
          <span class="strong">What to change: </span>
          {finding.change}
        </p>
        <dl class="pairs">
          <dt>Arrived</dt>
          <dd class="mono">{finding.arrived}</dd>
          <dt>Expected</dt>
          <dd class="mono">{finding.expected}</dd>
        </dl>
      </div>
    </Card>
  );
}

function ArrivedCard({
  arrived,
  isOpen,
}: {
  readonly arrived: ArrivedSummary;
  readonly isOpen: boolean;
}): Markup {
  return (
    <Card>
      <div class="card-body">
        <details open={isOpen}>
          <summary>What arrived</summary>
          <div class="stack-s">
            <p class="quiet small">
              Names of people are masked. Values are shown only where they decide something.
            </p>
            <dl class="pairs">
              <Pair name="Issuer">{arrived.issuer}</Pair>
              <Pair name="Audience">{arrived.audiences.join(', ')}</Pair>
              <Pair name="Destination">{arrived.destination}</Pair>
              <Pair name="Recipient">{arrived.recipient}</Pair>
              <Pair name="NameID">{arrived.nameId?.masked}</Pair>
              <Pair name="NameID format">{arrived.nameId?.format}</Pair>
              <Pair name="Signed">{signedWords(arrived)}</Pair>
              <Pair name="Encrypted">{arrived.isEncrypted ? 'yes' : 'no'}</Pair>
              <Pair name="Issued">{arrived.issueInstant}</Pair>
              <Pair name="Valid until">{arrived.notOnOrAfter}</Pair>
              {arrived.attributes.map(({ name, count, values }) => (
                <Pair name={name}>
                  {values === null ? formatCount(count, 'value', 'values') : values.join(', ')}
                </Pair>
              ))}
            </dl>
          </div>
        </details>
      </div>
    </Card>
  );
}

function signedWords({ isAssertionSigned, isResponseSigned }: ArrivedSummary): string {
  if (isAssertionSigned && isResponseSigned) return 'the assertion and the response around it';
  if (isAssertionSigned) return 'the assertion';
  return isResponseSigned ? 'only the response around the assertion' : 'nothing';
}

function Pair({ name, children }: { readonly name: string; readonly children?: Child }): Markup | null {
  const text = Array.isArray(children) ? children.join('') : children;
  if (text === null || text === undefined || text === '') return null;
  return (
    <Fragment>
      <dt>{name}</dt>
      <dd class="mono">{text}</dd>
    </Fragment>
  );
}
