import { describe, expect, it } from 'vitest';
import { Fragment, h } from '../../../src/console/markup/markup.js';

const HOSTILE = `<script>alert("x")</script>&lt;'`;

describe('markup', () => {
  it('shows every string as text, at any depth', () => {
    const html = String(
      <ul class="list">
        {[HOSTILE, [HOSTILE]].map((name) => (
          <li>{name}</li>
        ))}
        <Fragment>{HOSTILE}</Fragment>
      </ul>,
    );
    expect(html).not.toContain('<script');
    expect(html.match(/&lt;script>/g)).toHaveLength(3);
    expect(html).toContain('&amp;lt;');
  });

  it('keeps an attribute value what it was', () => {
    const html = String(<input value={`"><img src=x>&lt;`} title="a & b" />);
    expect(html).toBe('<input value="&#34;><img src=x>&amp;lt;" title="a &amp; b">');
  });

  it('does not escape its own elements twice', () => {
    function Name({ children }: { readonly children: string }) {
      return <b>{children}</b>;
    }
    expect(String(<p>{[<Name>a &amp; b</Name>, ' ', 3, false, null, undefined]}</p>)).toBe(
      '<p><b>a &amp; b</b> 3</p>',
    );
  });

  it('drops links that would run script', () => {
    for (const href of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'JaVaScRiPt:x',
      'data:text/html,x',
      'vbscript:x',
    ]) {
      expect(String(<a href={href}>x</a>), href).toBe('<a>x</a>');
    }
    expect(String(<a href="https://example.com/?a=1&b=2">x</a>)).toBe(
      '<a href="https://example.com/?a=1&amp;b=2">x</a>',
    );
    expect(String(<a href="/console">x</a>)).toBe('<a href="/console">x</a>');
  });

  it('drops event handlers and style attributes, however they get there', () => {
    const smuggled = { onclick: 'x()', ONLOAD: 'x()', style: 'color:red', 'x><script>': '', id: 'a' };
    expect(String(<p {...smuggled}>x</p>)).toBe('<p id="a">x</p>');
  });

  it('writes flags as names and leaves false ones out', () => {
    expect(String(<input required disabled={false} />)).toBe('<input required>');
  });
});
