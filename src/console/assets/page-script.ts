/**
 * The little that pages do by themselves: copying a value, reading a chosen file into a field, marking every line of a
 * list. They are shown only where this runs; without it values can be marked with one click, files pasted, and lines
 * marked one by one.
 */
export const PAGE_SCRIPT = `'use strict';
(() => {
  const said = document.createElement('p');
  said.className = 'hidden';
  said.setAttribute('role', 'status');
  (document.querySelector('main') ?? document.body).append(said);

  async function copy(text, source) {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(text);
      return;
    }
    // Without TLS there is no clipboard API: copy what is selected instead.
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    if (!document.execCommand('copy')) throw new Error('copying is not allowed');
  }

  async function copyFrom(button) {
    const source = document.getElementById(button.dataset.copy);
    const word = button.querySelector('[data-word]') ?? button;
    try {
      await copy(source.textContent.trim(), source);
      word.textContent = 'Copied';
      button.classList.add('done');
      said.textContent = 'Copied';
    } catch {
      word.textContent = 'Select and copy';
      getSelection().selectAllChildren(source);
    }
    setTimeout(() => {
      word.textContent = 'Copy';
      button.classList.remove('done');
      said.textContent = '';
    }, 2000);
  }

  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
    if (button !== null) void copyFrom(button);
  });

  document.addEventListener('change', async (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    if (field.dataset.markAll !== undefined) {
      for (const one of field.form.elements) {
        if (one.type === 'checkbox' && one.name.startsWith(field.dataset.markAll)) one.checked = field.checked;
      }
    }
    if (field.dataset.into === undefined) return;
    const [file] = field.files;
    if (file !== undefined) document.getElementById(field.dataset.into).value = await file.text();
  });

  for (const element of document.querySelectorAll('[data-scripted]')) element.hidden = false;
})();
`;
