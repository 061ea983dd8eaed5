/** Light, dark, or as the system says. `public/theme.js` applies what is remembered before anything is drawn. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const REMEMBERED = 'lonja.theme';

let theme = $state<Theme>(remembered());

export function currentTheme(): Theme {
  return theme;
}

export function chooseTheme(wanted: Theme): void {
  theme = wanted;
  if (wanted === 'system') {
    localStorage.removeItem(REMEMBERED);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(REMEMBERED, wanted);
    document.documentElement.dataset.theme = wanted;
  }
}

function remembered(): Theme {
  const value = localStorage.getItem(REMEMBERED);
  return value === 'light' || value === 'dark' ? value : 'system';
}
