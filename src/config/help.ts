import { configFile, type Setting, settings } from './settings.js';

/** Every setting with its environment variable, argument, default and meaning. */
export function renderConfigHelp(): string {
  const intro = [
    'Settings. Arguments override environment variables, which override the config file',
    `(YAML or JSON, ${configFile.argument} <file> or ${configFile.env}; names in it as in brackets).`,
    '',
  ];
  return [...intro, ...settings.flatMap(renderSetting)].join('\n');
}

function renderSetting(setting: Setting): readonly string[] {
  const argument = setting.isSwitch === true ? setting.argument : `${setting.argument} <value>`;
  return [
    `  ${setting.env}  ${argument}  [${setting.key}]`,
    `      ${setting.description}`,
    `      Default: ${setting.fallback ?? String(setting.schema.parse(undefined))}`,
  ];
}
