/** What the editor holds before there are rules: one of each kind, to be changed. */
export const STARTER_RULES = `# Every rule says when it applies and what it gives. Teams and numbers add up, the highest role wins.
version: 1

defaults:
  role: agent

rules:
  - id: sales
    when: { group: Sales }
    grant:
      teams: [Sales]

  - id: team-leads
    when: { group: Team Leads }
    grant: { role: supervisor }
`;
