// Before anything is drawn: the theme that was chosen, so that a dark screen never flashes white.
try {
  const theme = localStorage.getItem('lonja.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to this page: the system's theme stays.
}
