import type { AccountPolicy } from '../../../domain/plan.js';
import type { WentLive } from '../../../sso/setup/go-live.js';
import type { SetupAccount } from '../../../sso/setup/ports.js';
import { connectionOf } from '../../../sso/setup/state.js';
import { icons } from '../../layout/icons.js';
import { h, type Child, type Markup } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { PostForm } from '../../parts/post-form.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { idpName } from '../words.js';

const POLICIES: readonly { readonly policy: AccountPolicy; readonly label: string; readonly hint: string }[] =
  [
    { policy: 'report-only', label: 'Only watch', hint: 'Plans and reports; writes nothing.' },
    {
      policy: 'upsert-only',
      label: 'Create and update',
      hint: 'Never takes anything away. A good way to begin.',
    },
    {
      policy: 'sync',
      label: 'Everything',
      hint: 'Leavers are parked at once and deleted after the grace period.',
    },
  ];

/** Everything that was prepared is switched on, after a last look at what that is. */
export const goLiveStep: StepPage = {
  title: () => 'Go live',
  async show({ journey, state, csrf, fields }) {
    const accounts = await journey.accounts(state);
    const { label } = connectionOf(state);
    return (
      <PostForm action={setupPaths.step('go-live')} session={{ csrf }}>
        <div class="stack">
          <Card title="From now on">
            <ul class="card-body plain-list stack-s">
              <Fact>
                Your colleagues sign in with {label}; their role follows their groups at every sign-in.
              </Fact>
              <Fact>
                {state.link.progress.source === 'sign-in'
                  ? 'Whoever signs in brings their name and groups along.'
                  : `What ${idpName(state)} sends is applied within seconds.`}
              </Fact>
              {journey.proposedRules(state) === null ? null : (
                <Fact>The rules that you chose are saved.</Fact>
              )}
              <Fact>This link stops working.</Fact>
            </ul>
          </Card>
          {accounts.map((account, index) => (
            <PolicyCard account={account} index={index} sent={fields[`policy.${String(index)}`]} />
          ))}
          {accounts.length > 0 ? null : (
            <p class="notice">
              No phone system is connected yet. People and groups are kept until one is, and then everything
              starts.
            </p>
          )}
        </div>
        <StepFoot>
          <button class="button" type="submit">
            Go live
          </button>
        </StepFoot>
      </PostForm>
    );
  },
  async submit({ journey, state, fields }) {
    const live = await journey.goLive(state, readPolicies(fields));
    return { type: 'end', title: 'You are live', body: <LivePage live={live} /> };
  },
};

function Fact({ children }: { readonly children?: Child }): Markup {
  return (
    <li>
      <icons.check />
      <span>{children}</span>
    </li>
  );
}

function PolicyCard({
  account,
  index,
  sent,
}: {
  readonly account: SetupAccount;
  readonly index: number;
  readonly sent: string | undefined;
}): Markup {
  // Whoever goes live wants something to happen; taking access away is a choice of its own.
  const suggested = account.policy === 'report-only' ? 'upsert-only' : account.policy;
  const key = String(index);
  return (
    <Card title={`What may be done in ${account.name}`}>
      <div class="card-body">
        <input type="hidden" name={`account.${key}`} value={account.name} />
        <fieldset>
          <legend class="hidden">What may be done in {account.name}</legend>
          {POLICIES.map(({ policy, label, hint }) => (
            <label class="choice">
              <input
                type="radio"
                name={`policy.${key}`}
                value={policy}
                checked={(sent ?? suggested) === policy}
              />
              <span>
                <span class="strong">{label}</span>
                <span class="block quiet small">{hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </div>
    </Card>
  );
}

function readPolicies(fields: Readonly<Record<string, string>>): ReadonlyMap<string, AccountPolicy> {
  const chosen = new Map<string, AccountPolicy>();
  for (const [name, account] of Object.entries(fields)) {
    if (!name.startsWith('account.')) continue;
    const wanted = fields[`policy.${name.slice('account.'.length)}`];
    const known = POLICIES.find(({ policy }) => policy === wanted);
    if (known !== undefined) chosen.set(account, known.policy);
  }
  return chosen;
}

function LivePage({ live }: { readonly live: WentLive }): Markup {
  return (
    <Card>
      <div class="panel">
        <span class="state-mark">
          <icons.check />
        </span>
        <h1>You are live</h1>
        <p>
          Sign in once, to see the console as your colleagues will.
          {live.changed.size === 0 ? null : ' The first people are being set up in the phone system now.'}
        </p>
        <p>
          <a class="button" href={live.loginUrl}>
            Sign in
          </a>
        </p>
        <p class="quiet small">
          Keep one way in for the day when your identity provider is down: a local owner with password and
          authenticator. Whoever runs this service makes it with <code>patchbay console owner</code>.
        </p>
      </div>
    </Card>
  );
}
