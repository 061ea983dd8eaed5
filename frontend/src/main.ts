import './design/tokens.css';
import './design/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { findOut } from './access/who.svelte';
import { preferred, speak } from './language/language.svelte';

/** Without its texts, which did not come, it says so in all three languages. */
function giveUp(): void {
  const again = document.createElement('a');
  again.className = 'button';
  again.href = window.location.href;
  again.textContent = 'Reintentar · Tentar de novo · Try again';
  again.onclick = () => window.location.reload();
  const said = document.createElement('p');
  said.textContent = 'Lonja no se pudo cargar. A Lonja não pôde ser carregada. Lonja could not be loaded.';
  const page = document.createElement('main');
  page.className = 'page';
  page.append(said, again);
  document.getElementById('app')!.append(page);
}

try {
  await Promise.all([speak(preferred()), findOut()]);
} catch (error) {
  giveUp();
  throw error;
}
mount(App, { target: document.getElementById('app')! });
