import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Lets plain Node run the sources: `node --import ./test/support/source-loader.ts file.ts`. Node takes the types
 * away by itself, but imports name the compiled `.js`; this finds the `.ts` beside it.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (source.protocol === 'file:' && existsSync(fileURLToPath(source)))
        return nextResolve(source.href, context);
    }
    return nextResolve(specifier, context);
  },
});
